//! A limit on each piece of XML that is held at a time.

use std::io::{self, BufRead, Read};

use super::limits::MAX_PIECE;

/// Refuses to go on where one piece of `inner` is longer than [`MAX_PIECE`].
pub(crate) struct Metered<R> {
    inner: R,
    /// Bytes left of the current piece.
    pub left: u64,
}

impl<R> Metered<R> {
    pub fn new(inner: R) -> Self {
        Metered {
            inner,
            left: MAX_PIECE,
        }
    }
}

impl<R: BufRead> BufRead for Metered<R> {
    #[inline]
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Err(io::Error::other("limit reached"));
        }
        self.inner.fill_buf()
    }

    #[inline]
    fn consume(&mut self, amount: usize) {
        self.left = self.left.saturating_sub(amount as u64);
        self.inner.consume(amount);
    }
}

impl<R: BufRead> Read for Metered<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(to)?;
        self.consume(read);
        Ok(read)
    }
}
