// Receipts (hub/evidence/receipt.hpp), judged without the hub's code: that the records stand in the tree, what they say of
// a document, and that the sender's key signed it, which the sender's root key certified. What an agreement says of that
// root is for whoever has the agreement.
import {verify} from 'node:crypto';
import {decode} from './msgpack.mjs';
import {checkProof, ed25519Key, leafHash, merkleRoot, rootOfOne, sha256} from './tlog.mjs';

const KINDS = {2: 'configuration-changed', 5: 'batch-received', 6: 'document-accepted', 7: 'document-refused',
               9: 'endpoint-connected', 11: 'deliveries-acknowledged', 15: 'delivery-reported', 16: 'delivery-failed',
               17: 'delivery-ordered'};
const ACCEPTED = 6n, REFUSED = 7n;

function fail(reason) {
  throw new Error(reason);
}

const bytesLe = (value, size) => Buffer.from(Array.from({length: size}, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn)));
const shortText = (text) => Buffer.concat([Buffer.of(Buffer.byteLength(text)), Buffer.from(text)]);

function digestsIn(bytes) {
  if (bytes.length % 32 !== 0) fail('a proof is not whole digests');
  return Array.from({length: bytes.length / 32}, (_, i) => bytes.subarray(32 * i, 32 * i + 32));
}

function recordFrom([kind, time, nonce, metadata, body, outcomes]) {
  const head = sha256(nonce, Buffer.of(1, Number(kind)), bytesLe(BigInt.asUintN(64, time), 8), metadata);
  return {kind, time, metadata, body, outcomes, leaf: leafHash(Buffer.concat([Buffer.of(1), head, body, outcomes]))};
}

// Every record of the receipt, by its position; all stand in the checkpoint's tree.
function recordsOf(proof, fields, trusted) {
  const records = new Map([[proof.index, recordFrom(fields.get(2n))]]);
  const checkpoint = checkProof(proof, trusted, records.get(proof.index).leaf);
  for (const [position, record, hashes] of fields.get(3n) ?? []) {
    const other = recordFrom(record);
    checkProof({...proof, index: position, hashes: digestsIn(hashes)}, trusted, other.leaf);
    records.set(position, other);
  }
  return {records, checkpoint};
}

// What a document's record says; its outcome rows are those of the leaf.
function documentIn(record) {
  const fields = decode(record.metadata);
  const rows = fields.get(15n) ?? [];
  const root = rows.length === 0 ? Buffer.alloc(32) : merkleRoot(rows.map(leafHash));
  if (!root.equals(record.outcomes)) fail('the outcomes are not those of the leaf');
  return {
    sender: fields.get(6n), key: fields.get(8n), index: fields.get(2n), envelope: fields.get(9n),
    digest: fields.get(19n) ?? record.body,
    outcomes: rows.map(decode),
  };
}

// That the record is about the delivery that the receipt names.
function checkEvent(record, [document, outcome, replay]) {
  const fields = decode(record.metadata);
  const listed = {9: 8n, 11: 5n}[record.kind];
  const about = listed === undefined
    ? [[fields.get(2n), fields.get(3n), fields.get(8n) ?? 0n]]
    : (fields.get(listed) ?? []).map(([origin, index]) => (origin === (replay || document) ? [document, index, replay] : []));
  const named = about.some((one) => one[0] === document && one[1] === outcome && one[2] === replay);
  if (!named) fail('the record is not about this delivery');
}

// The public key of the certificate that the root signed, for that party and time.
function certifiedKey(text, rootBytes, party, time) {
  const {signature, statement} = JSON.parse(text);
  // The text is canonical: the statement is what follows its name, up to the last brace.
  const signed = text.slice(text.indexOf('"statement":') + '"statement":'.length, -1);
  const good = verify(null, Buffer.from(`coordination-hub credential v1\n${signed}`), ed25519Key(rootBytes),
                      Buffer.from(signature, 'base64'));
  if (!good) fail('the root key did not sign the certificate');
  if (statement.statement !== 'certificate' || statement.party !== party) fail('the certificate is about another party');
  const at = Number(time / 1000n);
  if (at < Date.parse(statement.active_from) || at >= Date.parse(statement.active_until)) fail('the key was not active');
  return Buffer.from(statement.key, 'base64');
}

// Who signed the document, by which root.
function signerOf(document, time, fields, origin) {
  const [sender, keyId, count, index, signature, path] = fields.get(5n) ?? fail('the signature is missing');
  if (sender !== document.sender || !keyId.equals(document.key) || index !== document.index)
    fail('the record names another sender, key or place in the batch');
  const root = rootOfOne(leafHash(document.digest), Number(index), Number(count), digestsIn(path));
  const signed = Buffer.concat([Buffer.from('coordination-hub batch v1\n'), shortText(origin), shortText(sender), keyId,
                                bytesLe(count, 4), root]);
  if (!sha256(signed, signature).equals(document.envelope)) fail('the record is about another signature');
  const rootKey = fields.get(7n) ?? fail('the root key is missing');
  const key = certifiedKey(fields.get(6n) ?? fail('the certificate is missing'), rootKey, sender, time);
  if (!sha256(key).subarray(0, 16).equals(keyId)) fail('the certificate is about another key');
  if (!verify(null, signed, ed25519Key(key), signature)) fail('the signature does not fit');
  return `${sender} by root sha256:${sha256(rootKey).toString('hex')}`;
}

// What the receipt shows, as text.
export function checkReceipt(proof, trusted) {
  const fields = decode(proof.extra);
  if (fields.get(1n) !== 1n) fail('a receipt of another version');
  const {records, checkpoint} = recordsOf(proof, fields, trusted);
  const record = records.get(proof.index);
  const decided = fields.has(4n) ? records.get(fields.get(4n)[0]) : record;
  const about = `record ${proof.index} of ${checkpoint.size} in ${checkpoint.origin}: ` +
                `${KINDS[record.kind] ?? `kind ${record.kind}`}, ${new Date(Number(record.time / 1000n)).toISOString()}`;
  if (decided === undefined) fail("the document's own record is missing");
  if (fields.has(4n)) checkEvent(record, fields.get(4n));
  if (decided.kind !== ACCEPTED && decided.kind !== REFUSED) return about;
  const document = documentIn(decided);
  const outcomes = document.outcomes.map(([addressed, , outcome]) => `${addressed} ${outcome}`).join(', ');
  return `${about}; document ${document.digest.toString('hex')} to ${outcomes || 'nobody'}; ` +
         `signed by ${signerOf(document, decided.time, fields, checkpoint.origin)}`;
}
