//! Product lines.

use crate::snp::tcb::Layout;
use core::ops::RangeInclusive;

/// What is fixed for a product line.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    /// Name in the ARK's subject, `ARK-Milan`.
    pub name: &'static str,
    /// Product names that a leaf may carry, alone or with a stepping as in `Milan-B0`.
    pub products: &'static [&'static str],
    /// CPUID family.
    pub family: u8,
    /// CPUID models.
    pub models: &'static [RangeInclusive<u8>],
    /// Layout of TCB versions.
    pub layout: Layout,
    /// Bytes of the hwID in a VCEK.
    pub hwid_bytes: usize,
}

/// Lines that are known. Families and models: 57230 §3 and 56860 Table 23;
/// Genoa's signs for Bergamo and Siena (Zen 4c, models from 0xA0) too.
static LINES: [Line; 3] = [
    Line {
        name: "Milan",
        products: &["Milan"],
        family: 0x19,
        models: &[0x00..=0x0F],
        layout: Layout::Milan,
        hwid_bytes: 64,
    },
    Line {
        name: "Genoa",
        products: &["Genoa", "Bergamo", "Siena"],
        family: 0x19,
        models: &[0x10..=0x1F, 0xA0..=0xAF],
        layout: Layout::Milan,
        hwid_bytes: 64,
    },
    Line {
        name: "Turin",
        products: &["Turin"],
        family: 0x1A,
        models: &[0x00..=0x1F],
        layout: Layout::Turin,
        hwid_bytes: 8,
    },
];

impl Line {
    /// Finds a line by its name, as written by AMD.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        LINES.iter().find(|line| line.name == name)
    }

    /// Names of all lines, for a person.
    #[must_use]
    pub fn names() -> String {
        LINES.each_ref().map(|line| line.name).join(", ")
    }

    /// Whether a processor is of this line.
    #[must_use]
    pub fn has_processor(&self, family: u8, model: u8) -> bool {
        family == self.family && self.models.iter().any(|models| models.contains(&model))
    }

    /// Whether a leaf's product name is of this line.
    #[must_use]
    pub fn has_product(&self, name: &str) -> bool {
        let product = name.split_once('-').map_or(name, |(product, _)| product);
        self.products.contains(&product)
    }
}

#[cfg(test)]
mod tests {
    use super::Line;

    #[test]
    fn snp_08_has_processor_knows_the_lines_under_genoa_and_all_turins() {
        let line = |name| Line::find(name).unwrap();
        for (name, family, model, expected) in [
            ("Milan", 0x19, 0x01, true),
            ("Milan", 0x19, 0x11, false),
            ("Genoa", 0x19, 0x11, true),
            ("Genoa", 0x19, 0xA0, true),
            ("Genoa", 0x19, 0x01, false),
            ("Genoa", 0x1A, 0x11, false),
            ("Turin", 0x1A, 0x02, true),
            ("Turin", 0x1A, 0x11, true),
            ("Turin", 0x19, 0x02, false),
        ] {
            assert_eq!(
                line(name).has_processor(family, model),
                expected,
                "{name} {model}"
            );
        }
    }

    #[test]
    fn has_product_takes_a_stepping() {
        let genoa = Line::find("Genoa").unwrap();
        assert!(genoa.has_product("Genoa") && genoa.has_product("Siena-B1"));
        assert!(!genoa.has_product("Milan-B0") && !genoa.has_product("Genoax"));
        assert!(!genoa.has_product("") && !genoa.has_product("genoa"));
        assert!(Line::find("milan").is_none());
    }
}
