// Validates files with c2pa-web's module: the C2PA engine as browsers have it (WebAssembly).
// One line in: {"data": base64, "mime"}. One line out: {"state", "codes"} or {"error"}.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

// What a browser's worker has and Node has not: blobs that are read at once.
class Bytes extends Blob {
  constructor(data) {
    super([]);
    this.data = data;
  }

  get size() {
    return this.data.length;
  }

  slice(start = 0, end = this.data.length) {
    return new Bytes(this.data.subarray(start, end));
  }
}
globalThis.FileReaderSync = class {
  readAsArrayBuffer(blob) {
    return blob.data.slice().buffer;
  }
};

// c2pa-web itself only hands blobs to a worker, in which this module runs.
const web = createRequire(createRequire(import.meta.url).resolve('@contentauth/c2pa-web'));
const engine = await import(web.resolve('@contentauth/c2pa-wasm'));
await engine.default({ module_or_path: readFileSync(web.resolve('@contentauth/c2pa-wasm/c2pa.wasm')) });
const settings = JSON.stringify({ verify: { verify_trust: false, remote_manifest_fetch: false } });

async function judge({ data, mime }) {
  try {
    const bytes = new Bytes(new Uint8Array(Buffer.from(data, 'base64')));
    const reader = await engine.WasmReader.fromBlob(mime, bytes, settings);
    const { validation_state: state, validation_results: results } = JSON.parse(reader.json());
    reader.free();
    return { state, codes: (results?.activeManifest?.failure ?? []).map((each) => each.code) };
  } catch (thrown) {
    return { error: String(thrown?.message ?? thrown) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await judge(JSON.parse(line)))}\n`);
}
