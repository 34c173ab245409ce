/** Opens the key of an address and says its fingerprint, or the code of what was thrown. */
import { InputError } from "../../src/core/errors.ts";
import { denoDeviceKeys } from "../../src/hosts/pkcs11/device_keys.ts";

try {
  const key = await denoDeviceKeys.open(Deno.args[0] ?? "");
  console.log(`opened ${key.publicKey.id}`);
  key.close();
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  console.log(`refused ${error.code}`);
}
