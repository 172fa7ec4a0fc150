//! Short identifiers that are copied, compared and used as keys everywhere.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// An identifier of 1 to `N` ASCII letters, digits, `_`, `-` or `.`, ordered by its bytes.
///
/// ```
/// use forewarn::data::OrganisationCode;
///
/// let code: OrganisationCode = "URN-SC1234567".parse()?;
/// assert_eq!(code.to_string(), "URN-SC1234567");
/// # Ok::<(), forewarn::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Code<const N: usize> {
    // Unused places are 0, which sorts before every allowed byte.
    bytes: [u8; N],
}

/// An organisation's code: of an authority its DfE number (`"202"`), which survives mere changes of
/// ONS code. Invented organisations have codes of their own.
pub type OrganisationCode = Code<24>;

/// An [`OrganisationCode`], under its older name.
pub type AuthorityCode = OrganisationCode;

/// An indicator's identifier, for example `agency_rate`.
pub type IndicatorId = Code<40>;

const fn allowed(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

impl<const N: usize> Code<N> {
    /// Checks and copies `text`.
    ///
    /// # Errors
    /// [`Error::InvalidValue`] if it is empty, longer than `N` bytes or has another character.
    pub fn new(text: &str) -> Result<Self> {
        Self::checked(text).ok_or_else(|| Error::InvalidValue {
            what: "code",
            found: format!("{text:?}"),
            expected: format!("1 to {N} ASCII letters, digits, '_', '-' or '.'"),
        })
    }

    const fn checked(text: &str) -> Option<Self> {
        let from = text.as_bytes();
        if from.is_empty() || from.len() > N {
            return None;
        }
        let mut bytes = [0; N];
        let mut i = 0;
        while i < from.len() {
            if !allowed(from[i]) {
                return None;
            }
            bytes[i] = from[i];
            i += 1;
        }
        Some(Code { bytes })
    }

    /// For the crate's own constants: a wrong literal would fail to compile.
    pub(crate) const fn literal(text: &'static str) -> Self {
        match Self::checked(text) {
            Some(code) => code,
            // Every argument is a constant of this crate's own tables (features' names, catalogue,
            // register): a wrong one fails to compile, or fails the first test that builds a table.
            None => panic!("not a code"),
        }
    }

    /// The identifier as text.
    pub fn as_str(&self) -> &str {
        let end = self.bytes.iter().position(|&b| b == 0).unwrap_or(N);
        // Only ASCII was let in, so that this never falls back.
        std::str::from_utf8(&self.bytes[..end]).unwrap_or_default()
    }
}

impl<const N: usize> fmt::Display for Code<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl<const N: usize> fmt::Debug for Code<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

impl<const N: usize> FromStr for Code<N> {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::new(text)
    }
}

impl<const N: usize> TryFrom<String> for Code<N> {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        Self::new(&text)
    }
}

impl<const N: usize> From<Code<N>> for String {
    fn from(code: Code<N>) -> String {
        code.as_str().to_owned()
    }
}
