//! Sums of products of columns: the inner loops of the information matrices.

use super::design::{BLOCK, Block};

/// Eight partial sums, so that the compiler can use vector instructions.
pub(crate) fn dot(a: &Block, b: &Block) -> f64 {
    let mut sums = [0.0; 8];
    for (a, b) in a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0) {
        for i in 0..8 {
            sums[i] += a[i] * b[i];
        }
    }
    let [a, b, c, d, e, f, g, h] = sums;
    total([a, b, c, d], [e, f, g, h])
}

/// The [`dot`] of each left column with each right one, added to the row-major `sums`, as far as
/// the triangle below the diagonal needs them; left columns come in twos.
///
/// Two columns by two, so that each value that is loaded is used twice, and half their partial sums
/// at a time, so that all stay in registers: the same sums as those of `dot`, to the last bit.
pub(crate) fn add_products(left: &[Block], right: &[Block], sums: &mut [f64]) {
    let order = right.len();
    let (pairs, last) = right.as_chunks::<2>();
    let mut memory = [[[0.0; 4]; 4]; 2];
    let rows = sums.chunks_exact_mut(2 * order);
    for (twice, (left, rows)) in left.as_chunks::<2>().0.iter().zip(rows).enumerate() {
        let (first, second) = rows.split_at_mut(order);
        for (k, right) in pairs.iter().enumerate().take(twice + 1) {
            let [above, below] = tile(left, right, &mut memory);
            for i in 0..2 {
                first[2 * k + i] += above[i];
                second[2 * k + i] += below[i];
            }
        }
        if let ([right], true) = (last, twice >= pairs.len()) {
            first[order - 1] += dot(&left[0], right);
            second[order - 1] += dot(&left[1], right);
        }
    }
}

/// Partial sums of every second four lanes.
type Lanes = [f64; 4];

fn tile(left: &[Block; 2], right: &[Block; 2], memory: &mut [[Lanes; 4]; 2]) -> [[f64; 2]; 2] {
    partial_sums(left, right, memory);
    let [low, high] = memory;
    std::array::from_fn(|i| std::array::from_fn(|j| total(low[2 * i + j], high[2 * i + j])))
}

/// Apart from the totals, and through memory: where it sees both, the compiler shuffles lanes
/// in the loop to suit the totals, and takes half as long again.
#[inline(never)]
fn partial_sums(left: &[Block; 2], right: &[Block; 2], out: &mut [[Lanes; 4]; 2]) {
    let [a, b] = left.each_ref().map(|column| column.as_chunks::<4>().0);
    let [c, d] = right.each_ref().map(|column| column.as_chunks::<4>().0);
    for (first, out) in out.iter_mut().enumerate() {
        let mut sums = [[0.0; 4]; 4];
        for i in (first..BLOCK / 4).step_by(2) {
            multiply_add(&mut sums[0], &a[i], &c[i]);
            multiply_add(&mut sums[1], &a[i], &d[i]);
            multiply_add(&mut sums[2], &b[i], &c[i]);
            multiply_add(&mut sums[3], &b[i], &d[i]);
        }
        *out = sums;
    }
}

fn multiply_add(sums: &mut Lanes, a: &Lanes, b: &Lanes) {
    for i in 0..4 {
        sums[i] += a[i] * b[i];
    }
}

fn total([a, b, c, d]: Lanes, [e, f, g, h]: Lanes) -> f64 {
    ((a + e) + (b + f)) + ((c + g) + (d + h))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns whose products round.
    fn columns(many: usize, shift: f64) -> Vec<Block> {
        let cell = |j: usize, i: usize| ((j * BLOCK + i) as f64 + shift).sin();
        let column = |j| std::array::from_fn(|i| cell(j, i));
        (0..many).map(column).collect()
    }

    #[test]
    fn tiles_have_the_bits_of_one_dot_product_after_another() {
        for order in [2, 3, 8, 9] {
            let width = (order + 1usize).next_multiple_of(2);
            let (left, right) = (columns(width, 0.5), columns(order, 0.25));
            let mut sums = vec![1.0; width * order];
            add_products(&left, &right, &mut sums);
            for j in 0..=order {
                for k in 0..=j.min(order - 1) {
                    let expected = 1.0 + dot(&left[j], &right[k]);
                    assert_eq!(sums[j * order + k].to_bits(), expected.to_bits(), "{j} {k}");
                }
            }
        }
    }
}
