//! Types of events (PFP §10.4.1, Table 27).

/// Nothing is extended.
pub const NO_ACTION: u32 = 0x0000_0003;
/// Firmware hands over, or failed.
pub const SEPARATOR: u32 = 0x0000_0004;
/// A string.
pub const ACTION: u32 = 0x0000_0005;
/// Boot loader's.
pub const IPL: u32 = 0x0000_000D;
/// A variable, name and all.
pub const VARIABLE_DRIVER_CONFIG: u32 = 0x8000_0001;
/// A variable of the boot order.
pub const VARIABLE_BOOT: u32 = 0x8000_0002;
/// Partition table.
pub const GPT_EVENT: u32 = 0x8000_0006;
/// A string of the firmware.
pub const EFI_ACTION: u32 = 0x8000_0007;
/// A variable of the boot order.
pub const VARIABLE_BOOT2: u32 = 0x8000_000C;
/// What let an image pass Secure Boot.
pub const VARIABLE_AUTHORITY: u32 = 0x8000_00E0;

/// Types whose digests are the hash of all of their data, by the specification.
/// Firmware keeps to that in all logs that are known here; not so with others.
pub const HASHED_WHOLE: [u32; 5] = [
    SEPARATOR,
    ACTION,
    VARIABLE_DRIVER_CONFIG,
    GPT_EVENT,
    EFI_ACTION,
];
/// Types whose data are a variable, of which some firmware hashes the value alone.
pub const HASHED_BY_VALUE: [u32; 3] = [VARIABLE_BOOT, VARIABLE_BOOT2, VARIABLE_AUTHORITY];

/// Names as a CEL in JSON has them.
const NAMES: [(&str, u32); 40] = [
    ("EV_PREBOOT_CERT", 0x00),
    ("EV_POST_CODE", 0x01),
    ("EV_UNUSED", 0x02),
    ("EV_NO_ACTION", NO_ACTION),
    ("EV_SEPARATOR", SEPARATOR),
    ("EV_ACTION", ACTION),
    ("EV_EVENT_TAG", 0x06),
    ("EV_S_CRTM_CONTENTS", 0x07),
    ("EV_S_CRTM_VERSION", 0x08),
    ("EV_CPU_MICROCODE", 0x09),
    ("EV_PLATFORM_CONFIG_FLAGS", 0x0A),
    ("EV_TABLE_OF_DEVICES", 0x0B),
    ("EV_COMPACT_HASH", 0x0C),
    ("EV_IPL", IPL),
    ("EV_IPL_PARTITION_DATA", 0x0E),
    ("EV_NONHOST_CODE", 0x0F),
    ("EV_NONHOST_CONFIG", 0x10),
    ("EV_NONHOST_INFO", 0x11),
    ("EV_OMIT_BOOT_DEVICE_EVENTS", 0x12),
    ("EV_POST_CODE2", 0x13),
    ("EV_EFI_EVENT_BASE", 0x8000_0000),
    ("EV_EFI_VARIABLE_DRIVER_CONFIG", VARIABLE_DRIVER_CONFIG),
    ("EV_EFI_VARIABLE_BOOT", VARIABLE_BOOT),
    ("EV_EFI_BOOT_SERVICES_APPLICATION", 0x8000_0003),
    ("EV_EFI_BOOT_SERVICES_DRIVER", 0x8000_0004),
    ("EV_EFI_RUNTIME_SERVICES_DRIVER", 0x8000_0005),
    ("EV_EFI_GPT_EVENT", GPT_EVENT),
    ("EV_EFI_ACTION", EFI_ACTION),
    ("EV_EFI_PLATFORM_FIRMWARE_BLOB", 0x8000_0008),
    ("EV_EFI_HANDOFF_TABLES", 0x8000_0009),
    ("EV_EFI_PLATFORM_FIRMWARE_BLOB2", 0x8000_000A),
    ("EV_EFI_HANDOFF_TABLES2", 0x8000_000B),
    ("EV_EFI_VARIABLE_BOOT2", VARIABLE_BOOT2),
    ("EV_EFI_GPT_EVENT2", 0x8000_000D),
    ("EV_EFI_HCRTM_EVENT", 0x8000_0010),
    ("EV_EFI_VARIABLE_AUTHORITY", VARIABLE_AUTHORITY),
    ("EV_EFI_SPDM_FIRMWARE_BLOB", 0x8000_00E1),
    ("EV_EFI_SPDM_FIRMWARE_CONFIG", 0x8000_00E2),
    ("EV_EFI_SPDM_DEVICE_POLICY", 0x8000_00E3),
    ("EV_EFI_SPDM_DEVICE_AUTHORITY", 0x8000_00E4),
];

/// The type of a name; letters of either case.
#[must_use]
pub fn named(name: &str) -> Option<u32> {
    let found = NAMES
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::{NAMES, NO_ACTION, named};

    #[test]
    fn named_takes_either_case() {
        assert_eq!(named("EV_NO_ACTION"), Some(NO_ACTION));
        assert_eq!(named("ev_no_action"), Some(NO_ACTION));
        assert_eq!(named("NO_ACTION"), None);
        assert_eq!(named(""), None);
        for (name, kind) in NAMES {
            assert_eq!(named(name), Some(kind));
        }
    }
}
