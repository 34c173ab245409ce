//! DER that has exactly one reading.

use der::{Decode, Encode};

/// Decodes a value and demands that encoding it again gives the same bytes, so
/// that no lenience of a decoder (order of a SET, defaults written out) lets
/// two encodings stand for one value.
///
/// # Errors
/// Says what is wrong, for a person.
pub fn decode<'a, T>(bytes: &'a [u8]) -> Result<T, String>
where
    T: Decode<'a, Error = der::Error> + Encode,
{
    let value = T::from_der(bytes).map_err(|error| error.to_string())?;
    let again = value.to_der().map_err(|error| error.to_string())?;
    if again == bytes {
        Ok(value)
    } else {
        Err(String::from("the encoding is not the canonical one"))
    }
}

#[cfg(test)]
mod tests {
    use super::decode;
    use x509_cert::ext::pkix::BasicConstraints;

    #[test]
    fn decode_refuses_a_default_that_is_written_out() {
        assert!(decode::<BasicConstraints>(&[0x30, 0]).is_ok());
        assert!(decode::<BasicConstraints>(&[0x30, 3, 1, 1, 0]).is_err());
    }

    #[test]
    fn decode_refuses_long_lengths_and_leftovers() {
        assert!(decode::<u8>(&[2, 1, 7]).is_ok());
        assert!(decode::<u8>(&[2, 0x81, 1, 7]).is_err());
        assert!(decode::<u8>(&[2, 2, 0, 7]).is_err());
        assert!(decode::<u8>(&[2, 1, 7, 0]).is_err());
    }
}
