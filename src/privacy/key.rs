//! Pseudonyms: HMAC-SHA-256 (RFC 2104) of a name under a key that stays in the workspace.

use super::identity;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;

/// A workspace's secret. Whoever has it can test whether a pseudonym is a given person; nobody else can.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; 32]);

/// Shows nothing of the secret, so that no log ever does.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Key {
    /// A key of these bytes, which should be random.
    pub fn new(bytes: [u8; 32]) -> Self {
        Key(bytes)
    }

    /// Reads back what [`Key::to_text`] wrote; `None` for anything but 64 hexadecimal digits, white space around them aside.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()?;
        }
        Some(Key(bytes))
    }

    /// 64 hexadecimal digits, for the file that keeps the key.
    pub fn to_text(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// What stands for a customer, under whatever spelling of the same address, number or name.
    pub fn customer(&self, name: &str) -> String {
        match identity(name) {
            Some(identity) => self.pseudonym(identity.as_str()),
            None => self.pseudonym(&name.trim().to_lowercase()),
        }
    }

    /// What stands for a name in the workspace: the same name always gets the same, and nothing leads back without the key.
    ///
    /// `c-` and 16 hexadecimal digits: two of a million customers share one once in 37,000,000 workspaces.
    pub fn pseudonym(&self, name: &str) -> String {
        let mut code = Hmac::<Sha256>::new_from_slice(&self.0).expect("a key may have any length");
        code.update(name.as_bytes());
        let code = code.finalize().into_bytes();
        let mut pseudonym = "c-".to_owned();
        for byte in &code[..8] {
            pseudonym.push_str(&format!("{byte:02x}"));
        }
        pseudonym
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pseudonyms_are_those_of_the_standard() {
        // RFC 4231, test case 2, its key filled up with zeros as HMAC does.
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        assert_eq!(
            Key::new(key).pseudonym("what do ya want for nothing?"),
            "c-5bdcc146bf60754e"
        );
    }

    #[test]
    fn another_key_gives_another_pseudonym() {
        let (one, other) = (Key::new([1; 32]), Key::new([2; 32]));
        assert_eq!(one.pseudonym("Marie"), one.pseudonym("Marie"));
        assert_ne!(one.pseudonym("Marie"), one.pseudonym("Paul"));
        assert_ne!(one.pseudonym("Marie"), other.pseudonym("Marie"));
    }

    #[test]
    fn a_key_is_read_back_and_shown_to_nobody() {
        let key = Key::new([0xab; 32]);
        assert_eq!(
            Key::parse(&format!("{}\n", key.to_text())),
            Some(key.clone())
        );
        assert_eq!(format!("{key:?}"), "Key(…)");
        for wrong in ["", "abc", &"g".repeat(64), &"é".repeat(32)] {
            assert_eq!(Key::parse(wrong), None);
        }
    }
}
