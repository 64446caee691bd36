// Exit status: 0 right, 1 wrong (and why), 2 wrong use.
import {readFileSync} from 'node:fs';
import {checkReceipt} from './receipt.mjs';
import {checkProof, openCheckpoint, parseProof, parseVerifierKey} from './tlog.mjs';

const USAGE = `node verify.mjs checkpoint FILE VKEY
node verify.mjs proof FILE VKEY LEAF    a tlog-proof file; LEAF is the leaf's hash in hex
node verify.mjs receipt FILE VKEY       what a receipt shows of a record, its document and the document's signer
`;

// Bytes that are no UTF-8 would be replaced in silence, and the text be another one than was signed.
const readText = (file) => new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(readFileSync(file));

function hashFromHex(text) {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Error(`not the hex of 32 bytes: ${text}`);
  return Buffer.from(text, 'hex');
}

const COMMANDS = {
  checkpoint: {
    count: 2,
    run(file, vkey) {
      const {origin, size, root} = openCheckpoint(readText(file), parseVerifierKey(vkey));
      return `${origin} has ${size} records, root ${root.toString('base64')}`;
    },
  },
  proof: {
    count: 3,
    run(file, vkey, leaf) {
      const proof = parseProof(readText(file));
      const {origin, size} = checkProof(proof, parseVerifierKey(vkey), hashFromHex(leaf));
      return `record ${proof.index} of ${size} in ${origin}`;
    },
  },
  receipt: {
    count: 2,
    run: (file, vkey) => checkReceipt(parseProof(readText(file)), parseVerifierKey(vkey)),
  },
};

const [name, ...args] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name ?? '') ? COMMANDS[name] : undefined;
if (command === undefined || args.length !== command.count) {
  process.stderr.write(USAGE);
  process.exit(2);
}
try {
  console.log('right:', command.run(...args));
} catch (error) {
  console.log('wrong:', error.message);
  process.exit(1);
}
