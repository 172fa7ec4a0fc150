//! Results from JSON: what does not hold together is refused.

/// Reads a type back through a check. Its `derive` writes both functions as functions of the type
/// (`#[serde(remote = "Self")]`), to be called once the check stands around them.
macro_rules! checked {
    ($kind:ty, $check:expr) => {
        impl serde::Serialize for $kind {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                <$kind>::serialize(self, serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $kind {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let read = <$kind>::deserialize(deserializer)?;
                $check(&read).map_err(<D::Error as serde::de::Error>::custom)?;
                Ok(read)
            }
        }
    };
}
pub(crate) use checked;

/// What is wrong, unless it holds.
pub(crate) fn require(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise()) }
}

/// The layout of a result as JSON: it stands first in each, and another is refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutputSchema;

impl OutputSchema {
    /// The number of this version's layout.
    pub const NUMBER: u32 = 2;
}

impl serde::Serialize for OutputSchema {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(Self::NUMBER)
    }
}

impl<'de> serde::Deserialize<'de> for OutputSchema {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let found = u32::deserialize(deserializer)?;
        let expected = Self::NUMBER;
        if found == expected {
            return Ok(OutputSchema);
        }
        Err(<D::Error as serde::de::Error>::custom(format!(
            "schema: found {found}, expected {expected}: write the file again with this version"
        )))
    }
}
