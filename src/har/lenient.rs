//! Takes a field of another type than HAR 1.2 says for one that is missing: unknown, not an error.
//!
//! Nothing is parsed twice and nothing is kept that is not asked for: a recording may be larger
//! than memory.

use core::fmt;
use core::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// What can be read from any JSON value; what does not fit gives the default.
pub(super) trait Lenient: Default {
    /// From a string.
    fn from_text(_: &str) -> Self {
        Self::default()
    }

    /// From a number.
    fn from_number(_: f64) -> Self {
        Self::default()
    }

    /// From `true` or `false`.
    fn from_flag(_: bool) -> Self {
        Self::default()
    }

    /// From a list.
    fn from_list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Self::default())
    }

    /// From an object.
    fn from_object<'de, A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Self::default())
    }
}

/// For `#[serde(deserialize_with = "lenient")]`.
pub(super) fn lenient<'de, D: Deserializer<'de>, T: Lenient>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_any(AnyVisitor(PhantomData))
}

struct AnyVisitor<T>(PhantomData<T>);

impl<'de, T: Lenient> Visitor<'de> for AnyVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        Ok(T::from_text(text))
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<T, E> {
        Ok(T::from_flag(flag))
    }

    #[allow(clippy::cast_precision_loss)]
    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        Ok(T::from_number(number as f64))
    }

    #[allow(clippy::cast_precision_loss)]
    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        Ok(T::from_number(number as f64))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
        Ok(T::from_number(number))
    }

    fn visit_unit<E: Error>(self) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<T, A::Error> {
        T::from_list(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<T, A::Error> {
        T::from_object(object)
    }
}

/// A list's element, read leniently.
pub(super) struct Element<T>(pub(super) T);

impl<'de, T: Lenient> Deserialize<'de> for Element<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient(deserializer).map(Self)
    }
}

impl Lenient for String {
    fn from_text(text: &str) -> Self {
        text.to_owned()
    }
}

impl Lenient for Option<String> {
    fn from_text(text: &str) -> Self {
        Some(text.to_owned())
    }
}

impl Lenient for f64 {
    fn from_number(number: f64) -> Self {
        number
    }
}

impl Lenient for u32 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn from_number(number: f64) -> Self {
        number as u32
    }
}

impl Lenient for Option<i32> {
    #[allow(clippy::cast_possible_truncation)]
    fn from_number(number: f64) -> Self {
        Some(number as i32)
    }
}

impl Lenient for bool {
    fn from_flag(flag: bool) -> Self {
        flag
    }
}

impl Lenient for Option<bool> {
    fn from_flag(flag: bool) -> Self {
        Some(flag)
    }
}

impl<T: Lenient> Lenient for Vec<T> {
    fn from_list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let mut all = Self::new();
        while let Some(Element(one)) = list.next_element()? {
            all.push(one);
        }
        Ok(all)
    }
}

/// Structs are read from objects, by their own `Deserialize`.
macro_rules! from_objects {
    ($($name:ty),*) => {
        $(impl crate::har::lenient::Lenient for $name {
            fn from_object<'de, A: serde::de::MapAccess<'de>>(object: A) -> Result<Self, A::Error> {
                serde::Deserialize::deserialize(serde::de::value::MapAccessDeserializer::new(object))
            }
        })*
    };
}
pub(super) use from_objects;
