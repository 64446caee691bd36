// Signed notes, checkpoints and tlog-proof files, verified by node's own crypto: no package, no code of the hub's.
// Every function returns what it was asked for, or throws an Error that says what is wrong.
import {createHash, createPublicKey, verify} from 'node:crypto';

const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');  // the DER before the key's 32 bytes (RFC 8410)

export const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
export const leafHash = (data) => sha256(Buffer.of(0), data);
const nodeHash = (left, right) => sha256(Buffer.of(1), left, right);

export const ed25519Key = (bytes) =>
  createPublicKey({key: Buffer.concat([ED25519_SPKI, bytes]), format: 'der', type: 'spki'});

function fail(reason) {
  throw new Error(reason);
}

// Strict: node's decoder passes over what isn't base64.
function fromBase64(text, size) {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text || (size !== undefined && bytes.length !== size)) fail(`not base64: ${text}`);
  return bytes;
}

function decimal(text) {
  if (!/^(0|[1-9][0-9]{0,18})$/.test(text)) fail(`not a decimal: ${text}`);
  return BigInt(text);
}

export function parseVerifierKey(text) {
  const parts = /^([^+\s]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? fail('the verifier key is not name+hex+base64');
  const [, name, id, base64] = parts;
  const typed = fromBase64(base64, 33);
  if (typed[0] !== 1) fail('the verifier key is not an Ed25519 one');
  if (sha256(name, '\n', typed).subarray(0, 4).toString('hex') !== id) fail('the verifier key has another id');
  return {name, id, key: ed25519Key(typed.subarray(1))};
}

// The text that the key signed. Signatures of other keys are passed over.
export function openNote(note, trusted) {
  const blank = note.lastIndexOf('\n\n');
  if (blank < 0 || !note.endsWith('\n')) fail('the note has no signatures');
  const text = note.slice(0, blank + 1);
  let signed = false;
  for (const line of note.slice(blank + 2, -1).split('\n')) {
    const [, name, base64] = /^\u2014 ([^+\s]+) (\S+)$/.exec(line) ?? fail(`not a signature: ${line}`);
    const bytes = fromBase64(base64);
    if (bytes.length < 5) fail(`not a signature: ${line}`);
    if (name !== trusted.name || bytes.subarray(0, 4).toString('hex') !== trusted.id) continue;
    if (!verify(null, Buffer.from(text), trusted.key, bytes.subarray(4))) fail(`wrong signature of ${name}`);
    signed = true;
  }
  return signed ? text : fail(`no signature of ${trusted.name}+${trusted.id}`);
}

// The key's name is the origin that is expected.
export function openCheckpoint(note, trusted) {
  const [origin, size, root, ...rest] = openNote(note, trusted).split('\n');
  if (origin !== trusted.name || rest.length === 0) fail(`not a checkpoint of ${trusted.name}`);
  return {origin, size: decimal(size), root: fromBase64(root, 32)};
}

export function parseProof(file) {
  const end = file.indexOf('\n\n');
  const lines = file.slice(0, end < 0 ? 0 : end).split('\n');
  if (lines.shift() !== 'c2sp.org/tlog-proof@v1') fail('not a tlog-proof of version 1');
  const extra = lines[0]?.startsWith('extra ') ? fromBase64(lines.shift().slice('extra '.length)) : Buffer.alloc(0);
  const index = lines.shift() ?? '';
  if (!index.startsWith('index ')) fail('the index is missing');
  return {
    extra,
    index: decimal(index.slice('index '.length)),
    hashes: lines.map((line) => fromBase64(line, 32)),
    checkpoint: file.slice(end + 2),
  };
}

// The largest power of two below the number of leaves (RFC 6962 section 2.1).
const splitOf = (size) => 2 ** Math.ceil(Math.log2(size) - 1);

export function merkleRoot(leaves) {
  if (leaves.length === 1) return leaves[0];
  const split = splitOf(leaves.length);
  return nodeHash(merkleRoot(leaves.slice(0, split)), merkleRoot(leaves.slice(split)));
}

// The root from one leaf of a batch; the digests of its path come in the order of a walk from the root.
export function rootOfOne(leaf, index, size, path) {
  if (index >= size) fail(`there is no document ${index} among ${size}`);
  const rest = [...path];
  const next = () => rest.shift() ?? fail('the path is too short');
  const walk = (at, count) => {
    if (count === 1) return leaf;
    const split = splitOf(count);
    if (at < split) {
      const left = walk(at, split);
      return nodeHash(left, next());
    }
    const left = next();
    return nodeHash(left, walk(at - split, count - split));
  };
  const root = walk(index, size);
  return rest.length === 0 ? root : fail('the path is too long');
}

// The root that RFC 9162 section 2.1.3.2 computes from a leaf and its proof.
function rootFrom(leaf, index, size, hashes) {
  if (index >= size) fail(`there is no record ${index} among ${size}`);
  let node = index, last = size - 1n, hash = leaf;
  for (const sibling of hashes) {
    if (last === 0n) fail('the proof is too long');
    if ((node & 1n) === 1n || node === last) {
      hash = nodeHash(sibling, hash);
      while ((node & 1n) === 0n && node !== 0n) [node, last] = [node >> 1n, last >> 1n];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [node >> 1n, last >> 1n];
  }
  if (last !== 0n) fail('the proof is too short');
  return hash;
}

// The checkpoint in whose tree the leaf (its hash) stands at the proof's index.
export function checkProof(proof, trusted, leaf) {
  const checkpoint = openCheckpoint(proof.checkpoint, trusted);
  const root = rootFrom(leaf, proof.index, checkpoint.size, proof.hashes);
  return root.equals(checkpoint.root) ? checkpoint : fail('the proof leads to another root');
}
