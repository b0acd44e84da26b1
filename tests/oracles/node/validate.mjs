// Validates JPEG, PNG and ISO media files with @trustnxt/c2pa-ts.
// One line in: {"data": base64}. One line out: {"present", "valid", "entries"} or {"error"}.
import { webcrypto } from 'node:crypto';
import { createInterface } from 'node:readline';

import { BMFF, JPEG, PNG } from '@trustnxt/c2pa-ts/asset';
import { SuperBox } from '@trustnxt/c2pa-ts/jumbf';
import { ManifestStore, ValidationResult } from '@trustnxt/c2pa-ts/manifest';

// Node 18 has no global crypto yet, and c2pa-ts asks for it.
globalThis.crypto ??= webcrypto;

async function judge(data) {
  const kind = [JPEG, PNG, BMFF].find((each) => each.canRead(data));
  if (!kind) return { error: 'neither JPEG, PNG nor ISO media' };
  let result;
  try {
    const asset = new kind(data);
    const store = asset.getManifestJUMBF();
    if (!store) return { present: false, valid: false, entries: [] };
    result = await ManifestStore.read(SuperBox.fromBuffer(store)).validate(asset);
  } catch (thrown) {
    result = ValidationResult.fromError(thrown);
  }
  const entries = result.statusEntries.map(({ code, success, url, explanation }) => ({
    code, success: Boolean(success), url, explanation,
  }));
  return { present: true, valid: result.isValid, entries };
}

// Answers keep the order of the questions, because each is awaited.
for await (const line of createInterface({ input: process.stdin })) {
  const { data } = JSON.parse(line);
  const answer = await judge(new Uint8Array(Buffer.from(data, 'base64')));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
