// Signed notes, checkpoints and tlog-proof files (C2SP), and the Merkle trees of RFC 6962 and RFC 9162.
import type {Bytes} from './bytes';
import {equal, fail, fromBase64, sha256, toHex, utf8, verify} from './bytes';

export const leafHash = (data: Bytes) => sha256(Uint8Array.of(0), data);
const nodeHash = (left: Bytes, right: Bytes) => sha256(Uint8Array.of(1), left, right);

function decimal(text: string): bigint {
  return /^(0|[1-9][0-9]{0,18})$/.test(text) ? BigInt(text) : fail(`not a decimal: ${text}`);
}

export interface VerifierKey {name: string; id: string; key: Bytes}

export async function parseVerifierKey(text: string): Promise<VerifierKey> {
  const [, name, id, base64] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text.trim()) ?? fail('the key is not name+hex+base64');
  const typed = fromBase64(base64!, 33);
  if (typed[0] !== 1) fail('the key is not an Ed25519 one');
  const digest = await sha256(utf8(`${name}\n`), typed);
  if (toHex(digest.subarray(0, 4)) !== id) fail('the key has another id than it says');
  return {name: name!, id: id!, key: typed.subarray(1)};
}

export interface Checkpoint {origin: string; size: bigint; root: Bytes; signers: string[]}

function parts(note: string) {
  const blank = note.lastIndexOf('\n\n');
  if (blank < 0 || !note.endsWith('\n')) fail('the checkpoint has no signatures');
  const signatures = note.slice(blank + 2, -1).split('\n').map((line) => {
    const [, name, base64] = /^\u2014 ([^+\s]+) (\S+)$/.exec(line) ?? fail('a signature cannot be read');
    const bytes = fromBase64(base64!);
    if (bytes.length < 5) fail('a signature cannot be read');
    return {name: name!, id: toHex(bytes.subarray(0, 4)), signature: bytes.subarray(4)};
  });
  return {text: note.slice(0, blank + 1), signatures};
}

// What it says, whoever signed it.
export function readCheckpoint(note: string): Checkpoint {
  const {text, signatures} = parts(note);
  const [origin, size, root, ...rest] = text.split('\n');
  if (!origin || rest.length === 0) fail('the checkpoint cannot be read');
  return {
    origin: origin!, size: decimal(size!), root: fromBase64(root!, 32), signers: signatures.map((one) => `${one.name}+${one.id}`),
  };
}

// Signatures of other keys are passed over; the key's name is the origin that is expected.
export async function openCheckpoint(note: string, trusted: VerifierKey): Promise<Checkpoint> {
  const {text, signatures} = parts(note);
  const mine = signatures.filter((one) => one.name === trusted.name && one.id === trusted.id);
  if (mine.length === 0) fail(`no signature of ${trusted.name}+${trusted.id}`);
  for (const one of mine)
    if (!(await verify(trusted.key, one.signature, utf8(text)))) fail(`wrong signature of ${one.name}`);
  const checkpoint = readCheckpoint(note);
  return checkpoint.origin === trusted.name ? checkpoint : fail(`not a checkpoint of ${trusted.name}`);
}

export interface Proof {extra: Bytes; index: bigint; hashes: Bytes[]; checkpoint: string}

export function parseProof(file: string): Proof {
  const end = file.indexOf('\n\n');
  const lines = file.slice(0, Math.max(0, end)).split('\n');
  if (lines.shift() !== 'c2sp.org/tlog-proof@v1') fail('not a tlog-proof of version 1');
  const extra = lines[0]?.startsWith('extra ') ? fromBase64(lines.shift()!.slice('extra '.length)) : new Uint8Array();
  const index = lines.shift() ?? '';
  if (!index.startsWith('index ')) fail('the index is missing');
  return {
    extra, index: decimal(index.slice('index '.length)), hashes: lines.map((line) => fromBase64(line, 32)),
    checkpoint: file.slice(end + 2),
  };
}

// The largest power of two below the number of leaves (RFC 6962 section 2.1).
const splitOf = (size: number) => 2 ** Math.ceil(Math.log2(size) - 1);

export async function merkleRoot(leaves: Bytes[]): Promise<Bytes> {
  if (leaves.length === 1) return leaves[0]!;
  const split = splitOf(leaves.length);
  return nodeHash(await merkleRoot(leaves.slice(0, split)), await merkleRoot(leaves.slice(split)));
}

// The root from one leaf of a batch; the digests of its path come in the order of a walk from the root.
export async function rootOfOne(leaf: Bytes, index: number, size: number, path: Bytes[]): Promise<Bytes> {
  if (index >= size) fail(`there is no document ${index} among ${size}`);
  const rest = [...path];
  const next = () => rest.shift() ?? fail('the path is too short');
  const walk = async (at: number, count: number): Promise<Bytes> => {
    if (count === 1) return leaf;
    const split = splitOf(count);
    if (at < split) {
      const left = await walk(at, split);
      return nodeHash(left, next());
    }
    const left = next();
    return nodeHash(left, await walk(at - split, count - split));
  };
  const root = await walk(index, size);
  return rest.length === 0 ? root : fail('the path is too long');
}

// Whether the leaf stands at the index of the tree: RFC 9162 section 2.1.3.2.
export async function checkInclusion(leaf: Bytes, index: bigint, hashes: Bytes[], tree: Checkpoint) {
  if (index >= tree.size) fail(`there is no record ${index} among ${tree.size}`);
  let node = index, last = tree.size - 1n, hash = leaf;
  for (const sibling of hashes) {
    if (last === 0n) fail('the proof is too long');
    if ((node & 1n) === 1n || node === last) {
      hash = await nodeHash(sibling, hash);
      while ((node & 1n) === 0n && node !== 0n) [node, last] = [node >> 1n, last >> 1n];
    } else {
      hash = await nodeHash(hash, sibling);
    }
    [node, last] = [node >> 1n, last >> 1n];
  }
  if (last !== 0n) fail('the proof is too short');
  if (!equal(hash, tree.root)) fail(`the record at position ${index} is not in the tree`);
}

export function digestsIn(bytes: Bytes): Bytes[] {
  if (bytes.length % 32 !== 0) fail('a proof is not whole digests');
  return Array.from({length: bytes.length / 32}, (_, i) => bytes.subarray(32 * i, 32 * i + 32));
}
