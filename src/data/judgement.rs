//! The judgements of an inspection, each where it was given.

use super::grade::Grade;

/// Which judgement of an inspection: the overall one, or another that the service declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JudgementKey(u8);

/// Some of the judgements that a service declares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Keys(u8);

/// The judgements of one inspection, each where it was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Judgements([Option<Grade>; JudgementKey::MOST]);

impl JudgementKey {
    /// Most judgements that a service can have.
    pub const MOST: usize = 8;

    /// Overall effectiveness.
    pub const OVERALL: JudgementKey = JudgementKey(0);

    /// The judgement at a place among those declared, the overall one at 0; `None` past
    /// [`MOST`](Self::MOST).
    pub const fn at(place: usize) -> Option<JudgementKey> {
        if place < Self::MOST {
            Some(JudgementKey(place as u8))
        } else {
            None
        }
    }

    /// Its place among those declared.
    pub fn place(self) -> usize {
        usize::from(self.0)
    }
}

impl Keys {
    pub(crate) const fn and(self, key: JudgementKey) -> Keys {
        Keys(self.0 | 1 << key.0)
    }

    pub(crate) const fn none() -> Keys {
        Keys(0)
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = JudgementKey> {
        let keys = (0..JudgementKey::MOST as u8).map(JudgementKey);
        keys.filter(move |key| self.0 & 1 << key.0 != 0)
    }
}

impl Judgements {
    /// These judgements and no other.
    pub fn of<const N: usize>(given: [(JudgementKey, Grade); N]) -> Self {
        let mut judgements = Judgements::default();
        for (key, grade) in given {
            judgements.set(key, Some(grade));
        }
        judgements
    }

    /// The grade of one judgement, where it was given.
    pub fn get(&self, key: JudgementKey) -> Option<Grade> {
        self.0[key.place()]
    }

    /// States one judgement.
    pub fn set(&mut self, key: JudgementKey, grade: Option<Grade>) {
        self.0[key.place()] = grade;
    }

    /// Takes from another what is not given here.
    #[cfg_attr(not(feature = "read"), expect(dead_code))]
    pub(crate) fn fill_from(&mut self, other: &Judgements) {
        for (own, grade) in self.0.iter_mut().zip(other.0) {
            *own = own.or(grade);
        }
    }

    /// The judgements that are pooled: the overall one and the four declared after it, each where
    /// it was given.
    pub fn graded(&self) -> [Option<Grade>; 5] {
        let [a, b, c, d, e, ..] = self.0;
        [a, b, c, d, e]
    }
}
