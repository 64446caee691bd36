// Checks a receipt (hub/evidence/receipt.hpp) step by step, each on the ones before it, with nothing but the file and a
// key of the hub's tree: as hub/evidence/verify.cpp does with --chain.
import type {Bytes} from './bytes';
import {equal, fail, fromBase64, joined, littleEndian, sha256, toBase64, toHex, Unable, utf8, verify} from './bytes';
import type {Value} from './msgpack';
import {asBytes, asInteger, asList, asText, decode, Fields} from './msgpack';
import type {Checkpoint, Proof, VerifierKey} from './tlog';
import {checkInclusion, digestsIn, leafHash, merkleRoot, openCheckpoint, parseProof, parseVerifierKey, rootOfOne} from './tlog';

const KINDS: Record<number, string> = {
  2: 'configuration-changed', 3: 'hub-started', 5: 'batch-received', 6: 'document-accepted', 7: 'document-refused',
  9: 'endpoint-connected', 11: 'deliveries-acknowledged', 15: 'delivery-reported', 16: 'delivery-failed', 17: 'delivery-ordered',
};
const STATUSES: Record<number, string> = {
  1: 'delivered', 2: 'refused', 3: 'registered', 4: 'assigned', 5: 'processing', 6: 'finished', 13: 'recall-requested',
  15: 'recalled', 16: 'recall-refused', 32: 'failed', 33: 'stopped', 34: 'replayed',
};
const CONFIGURATION_CHANGED = 2, ACCEPTED = 6, REFUSED = 7, CONNECTED = 9, ACKNOWLEDGED = 11, REPORTED = 15, FAILED = 16, ORDERED = 17;
const AGREEMENT_ITEM = 3n;

export type StepName = 'key' | 'checkpoint' | 'record' | 'event' | 'decision' | 'signature' | 'certificate' | 'agreement';
export type FactKind = 'text' | 'time' | 'number' | 'party' | 'digest' | 'state' | 'clause' | 'type';
export interface Finding {step: StepName; facts: [name: string, value: string, kind: FactKind][]}
export interface Verdict {findings: Finding[]; failure?: {step: StepName; reason: string}}

interface Row {addressed: string; actual: string; outcome: string; agreement: string; version: bigint; clause: string}
interface Rec {position: bigint; kind: number; time: bigint; metadata: Bytes; body: Bytes; outcomes: Bytes; leaf: Bytes}

const rfc3339 = (micros: bigint) => new Date(Number(micros / 1000n)).toISOString();

async function recordOf(position: bigint, value: Value | undefined): Promise<Rec> {
  const [kind, time, nonce, metadata, body, outcomes] = asList(value, 6);
  const number = Number(asInteger(kind)), at = asInteger(time), data = asBytes(metadata);
  const head = await sha256(asBytes(nonce, 16), Uint8Array.of(1, number), littleEndian(BigInt.asUintN(64, at), 8), data);
  const leaf = await leafHash(joined(Uint8Array.of(1), head, asBytes(body, 32), asBytes(outcomes, 32)));
  return {position, kind: number, time: at, metadata: data, body: asBytes(body), outcomes: asBytes(outcomes), leaf};
}

function rowOf(bytes: Value): Row {
  const [addressed, actual, outcome, agreement, version, clause] = asList(decode(asBytes(bytes)));
  return {
    addressed: asText(addressed), actual: asText(actual), outcome: asText(outcome), agreement: asText(agreement),
    version: asInteger(version), clause: asText(clause),
  };
}

class Check {
  readonly findings: Finding[] = [];
  step: StepName = 'key';
  private trusted!: VerifierKey;
  private proof!: Proof;
  private tree!: Checkpoint;
  private fields!: Fields;
  private record!: Rec;
  private rest = new Map<bigint, Rec>();
  private decided: Rec | undefined;
  private document!: {sender: string; key: Bytes; index: bigint; envelope: Bytes; digest: Bytes; rows: Row[]};
  private root!: Bytes;
  private fingerprint = '';

  constructor(private readonly file: string, private readonly key: string) {}

  async run() {
    await this.begin('key', async () => (this.trusted = await parseVerifierKey(this.key)));
    await this.begin('checkpoint', () => this.checkpoint());
    await this.begin('record', () => this.records());
    await this.begin('event', () => this.event());
    await this.begin('decision', () => this.decision());
    if (!this.decided) return;
    await this.begin('signature', () => this.signature());
    await this.begin('agreement', () => this.agreement());
  }
  private async begin(step: StepName, check: () => Promise<unknown>) {
    this.step = step;
    await check();
  }
  private found(...facts: Finding['facts']) {
    this.findings.push({step: this.step, facts: facts.filter(([, value]) => value !== '')});
  }

  private async checkpoint() {
    this.proof = parseProof(this.file);
    this.tree = await openCheckpoint(this.proof.checkpoint, this.trusted);
    this.found(['origin', this.tree.origin, 'text'], ['records', String(this.tree.size), 'number'], ['root', toBase64(this.tree.root), 'digest']);
  }

  private async records() {
    this.fields = Fields.of(this.proof.extra);
    if (this.fields.get(1) !== 1n) fail('a receipt of another version');
    this.record = await recordOf(this.proof.index, this.fields.get(2));
    await this.stands(this.record, this.proof.hashes);
    for (const one of asList(this.fields.get(3) ?? [])) {
      const [position, record, hashes] = asList(one, 3);
      const other = await recordOf(asInteger(position), record);
      await this.stands(other, digestsIn(asBytes(hashes)));
      this.rest.set(other.position, other);
    }
    if ([ACCEPTED, REFUSED].includes(this.record.kind)) this.decided = this.record;
  }
  private async stands(record: Rec, hashes: Bytes[]) {
    await checkInclusion(record.leaf, record.position, hashes, this.tree);
    this.found(['recordOf', String(record.position), 'number'], ['recordKind', KINDS[record.kind] ?? `kind ${record.kind}`, 'text'],
      ['time', rfc3339(record.time), 'time'], ['leaf', toHex(record.leaf), 'digest']);
  }

  private async event() {
    const {kind} = this.record;
    if (![CONNECTED, ACKNOWLEDGED, REPORTED, FAILED].includes(kind)) return;
    const [document, outcome, replay] = asList(this.fields.get(4)).map(asInteger);
    const fields = Fields.of(this.record.metadata);
    const listed = {[CONNECTED]: 8, [ACKNOWLEDGED]: 5}[kind];
    const named = listed === undefined
      ? asInteger(fields.get(2)) === document && asInteger(fields.get(3)) === outcome && asInteger(fields.get(8) ?? 0n) === replay
      : asList(fields.get(listed)).some((one) => {
        const [origin, index] = asList(one, 2);
        return origin === (replay || document) && index === outcome;
      });
    if (!named) fail('the record is not about this delivery');
    if (replay) this.checkReplay(replay, document!, outcome!);
    this.decided = this.rest.get(document!) ?? fail("the document's own record is missing");
    const status = kind === REPORTED ? STATUSES[Number(asInteger(fields.get(4)))] ?? '' : kind === FAILED ? 'failed' : 'delivered';
    const reason = kind === REPORTED ? fields.get(5) : kind === FAILED ? fields.get(4) : undefined;
    this.found(['state', status, 'state'], ['endpoint', asText(fields.get(1)), 'text'], ['reason', typeof reason === 'string' ? reason : '', 'text']);
  }
  private checkReplay(replay: bigint, document: bigint, outcome: bigint) {
    const order = this.rest.get(replay) ?? fail('the order of the replay is missing');
    const fields = Fields.of(order.metadata);
    if (order.kind !== ORDERED || fields.get(1) !== 3n || fields.get(2) !== document || fields.get(3) !== outcome)
      fail('the order is about another delivery');
  }

  private async decision() {
    if (!this.decided) return;
    const fields = Fields.of(this.decided.metadata);
    if (![ACCEPTED, REFUSED].includes(this.decided.kind)) fail('the record decides no document');
    const rows = asList(fields.get(15) ?? []);
    const leaves = await Promise.all(rows.map((row) => leafHash(asBytes(row))));
    const root = leaves.length === 0 ? new Uint8Array(32) : await merkleRoot(leaves);
    if (!equal(root, this.decided.outcomes)) fail('the outcomes are not those of the leaf');
    this.document = {
      sender: asText(fields.get(6)), key: asBytes(fields.get(8), 16), index: asInteger(fields.get(2)),
      envelope: asBytes(fields.get(9), 32), digest: asBytes(fields.get(19) ?? this.decided.body, 32), rows: rows.map(rowOf),
    };
    const delivery = this.fields.get(4);
    if (delivery !== undefined && asInteger(asList(delivery)[1]) >= BigInt(rows.length)) fail('the document has no such recipient');
    const refusal = fields.get(16);
    this.found(['decision', this.decided.kind === ACCEPTED ? 'accepted' : 'refused', 'state'],
      ['code', typeof refusal === 'string' ? refusal : '', 'text'], ['type', asText(fields.get(5)), 'type'],
      ['sender', this.document.sender, 'party'], ['time', rfc3339(this.decided.time), 'time'], ['digest', toHex(this.document.digest), 'digest']);
    for (const row of this.document.rows)
      this.found(['recipient', row.actual || row.addressed, 'party'], ['decision', row.outcome, 'state'],
        ['clause', row.agreement && `${row.agreement} v${row.version} § ${row.clause}`, 'clause']);
  }

  // The signature needs the key of the certificate; what the certificate rests on is the next step.
  private async signature() {
    const [sender, keyId, count, index, signature, path] = asList(this.fields.get(5), 6);
    const {document} = this;
    if (sender !== document.sender || !equal(asBytes(keyId), document.key) || index !== document.index)
      fail('the record names another sender, key or place in the batch');
    const root = await rootOfOne(await leafHash(document.digest), Number(index), Number(asInteger(count)), digestsIn(asBytes(path)));
    const short = (text: string) => joined(Uint8Array.of(utf8(text).length), utf8(text));
    const text = joined(utf8('coordination-hub batch v1\n'), short(this.tree.origin), short(document.sender), document.key,
      littleEndian(asInteger(count), 4), root);
    if (!equal(await sha256(text, asBytes(signature)), document.envelope)) fail('the record is about another signature');
    const certificate = asText(this.fields.get(6));
    const {signature: rootSignature, statement} = JSON.parse(certificate);
    const key = fromBase64(statement.key, 32);
    if (statement.statement !== 'certificate' || statement.party !== document.sender ||
        !equal((await sha256(key)).subarray(0, 16), document.key))
      fail('the certificate is about another key');
    if (!(await verify(key, asBytes(signature, 64), text))) fail('the signature does not fit');
    this.found(['sender', document.sender, 'party'], ['signingKey', toHex(document.key), 'digest']);
    await this.begin('certificate', () => this.certificate(certificate, rootSignature, statement));
  }

  private async certificate(text: string, signature: string, statement: {party: string; active_from: string; active_until: string}) {
    this.root = asBytes(this.fields.get(7), 32);
    this.fingerprint = `sha256:${toHex(await sha256(this.root))}`;
    // The text is canonical: the statement is what follows its name, up to the last brace.
    const signed = text.slice(text.indexOf('"statement":') + '"statement":'.length, -1);
    if (!(await verify(this.root, fromBase64(signature, 64), utf8(`coordination-hub credential v1\n${signed}`))))
      fail('the root key did not sign the certificate');
    const at = Number(this.decided!.time / 1000n);
    if (at < Date.parse(statement.active_from) || at >= Date.parse(statement.active_until)) fail('the key was not active at the time of the decision');
    this.found(['certifiedParty', statement.party, 'party'], ['rootKey', this.fingerprint, 'digest'],
      ['activeFrom', statement.active_from, 'time'], ['activeUntil', statement.active_until, 'time']);
  }

  private async agreement() {
    const named = this.document.rows.filter((row) => row.agreement !== '');
    if (named.length === 0) fail(`no agreement was in question, so none vouches for the sender's root key ${this.fingerprint}`);
    for (const row of named) await this.agreementOf(row);
  }
  private async agreementOf(row: Row) {
    const name = `${row.agreement} version ${row.version}`;
    for (const registered of this.rest.values()) {
      if (registered.kind !== CONFIGURATION_CHANGED || registered.position > this.decided!.position) continue;
      const fields = Fields.of(registered.metadata);
      if (fields.get(1) !== AGREEMENT_ITEM || fields.get(2) !== row.agreement) continue;
      const canonical = asText(fields.get(3));
      const agreement = JSON.parse(canonical);
      if (BigInt(agreement.version) !== row.version) continue;
      const alias = Object.keys(agreement.parties).find((one) => agreement.parties[one] === this.document.sender);
      if (alias === undefined || agreement.root_keys?.[alias] !== this.fingerprint) fail(`${name} names another root key of the sender`);
      if (!agreement.clauses.some((one: {id: string}) => one.id === row.clause)) fail(`${name} has no clause ${row.clause}`);
      this.found(['agreement', `${row.agreement} v${row.version} § ${row.clause}`, 'clause'],
        ['recordOf', String(registered.position), 'number'], ['digest', toHex(await sha256(utf8(canonical))), 'digest']);
      return;
    }
    fail(`${name} is missing`);
  }
}

// Throws Unable where the browser can't.
export async function checkReceipt(file: string, key: string): Promise<Verdict> {
  const check = new Check(file, key);
  try {
    await check.run();
    return {findings: check.findings};
  } catch (error) {
    if (error instanceof Unable) throw error;
    return {findings: check.findings, failure: {step: check.step, reason: error instanceof Error ? error.message : String(error)}};
  }
}
