//! Beside what `std` has.

#![allow(clippy::unwrap_used)]
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn a_set_is_like_the_one_of_std(steps in prop::collection::vec((0..3_u8, 0..20_u8), 0..60)) {
        let (mut ours, mut theirs) = (Set::new(), BTreeSet::new());
        for (step, value) in steps {
            match step {
                0 => prop_assert_eq!(ours.insert(value), theirs.insert(value)),
                1 => prop_assert_eq!(ours.remove(&value), theirs.remove(&value)),
                _ => {
                    ours.retain(|one| one % 7 != value % 7);
                    theirs.retain(|one| one % 7 != value % 7);
                }
            }
            prop_assert_eq!(ours.contains(&value), theirs.contains(&value));
            prop_assert_eq!(ours.get(&value), theirs.get(&value));
            prop_assert_eq!((ours.len(), ours.is_empty()), (theirs.len(), theirs.is_empty()));
        }
        prop_assert!(ours.iter().eq(theirs.iter()) && (&ours).into_iter().eq(&theirs));
        let text = serde_json::to_string(&ours).unwrap();
        prop_assert_eq!(&text, &serde_json::to_string(&theirs).unwrap());
        prop_assert_eq!(&serde_json::from_str::<Set<u8>>(&text).unwrap(), &ours);
        prop_assert!(ours.into_iter().eq(theirs));
    }

    #[test]
    fn a_map_is_like_the_one_of_std(steps in prop::collection::vec((0..5_u8, "[a-e]{1,2}", 0..9_u8), 0..60)) {
        let (mut ours, mut theirs) = (Map::new(), BTreeMap::new());
        for (step, key, value) in steps {
            match step {
                0 => prop_assert_eq!(ours.insert(key.clone(), value), theirs.insert(key.clone(), value)),
                1 => prop_assert_eq!(ours.remove(&key), theirs.remove(&key)),
                2 => {
                    let one = ours.or_insert_with(key.clone(), || value);
                    let other = theirs.entry(key.clone()).or_insert(value);
                    prop_assert_eq!(&*one, &*other);
                    *one ^= 1;
                    *other ^= 1;
                }
                3 => {
                    ours.iter_mut().for_each(|(_, one)| *one /= 2);
                    theirs.iter_mut().for_each(|(_, one)| *one /= 2);
                }
                _ => {
                    ours.retain(|_, one| *one % 3 != value % 3);
                    theirs.retain(|_, one| *one % 3 != value % 3);
                }
            }
            prop_assert_eq!(ours.get_mut(&key), theirs.get_mut(&key));
            prop_assert_eq!(ours.contains_key(&key), theirs.contains_key(&key));
            prop_assert_eq!((ours.len(), ours.is_empty()), (theirs.len(), theirs.is_empty()));
        }
        prop_assert!(ours.iter().eq(theirs.iter()) && ours.keys().eq(theirs.keys()));
        prop_assert!(ours.values().eq(theirs.values()));
        prop_assert!(ours.keys().all(|key| ours[key] == theirs[key]));
        let text = serde_json::to_string(&ours).unwrap();
        prop_assert_eq!(&text, &serde_json::to_string(&theirs).unwrap());
        prop_assert_eq!(&serde_json::from_str::<Map<String, u8>>(&text).unwrap(), &ours);
        prop_assert!(ours.into_iter().eq(theirs));
    }
}

#[test]
fn of_a_key_that_comes_twice_the_last_value_counts() {
    let map = Map::from([("b", 1), ("a", 2), ("b", 3)]);
    assert!(map.iter().eq([(&"a", &2), (&"b", &3)]));
    let read: Map<String, u8> = serde_json::from_str(r#"{"b": 1, "a": 2, "b": 3}"#).unwrap();
    assert_eq!((read["a"], read["b"]), (2, 3));
    assert_eq!(serde_json::from_str::<Set<u8>>("[3, 1, 3]").unwrap(), Set::from([1, 3]));
}

proptest! {
    #[test]
    fn a_few_are_sorted_as_std_does(mut ours in prop::collection::vec((0..9_u8, 0..9_u8), 0..20)) {
        // By the first alone: what is alike stays as it was.
        let mut theirs = ours.clone();
        theirs.sort_by_key(|(first, _)| *first);
        few(&mut ours, |(one, _), (other, _)| one.cmp(other));
        prop_assert_eq!(ours, theirs);
    }
}

#[test]
fn another_kind_of_data_is_refused() {
    assert!(serde_json::from_str::<Set<u8>>("{}").unwrap_err().to_string().contains("a list"));
    assert!(serde_json::from_str::<Map<String, u8>>("[]").unwrap_err().to_string().contains("a map"));
}
