// Reads what generate_documents prints and holds each verdict against ajv's (JSON Schema 2020-12, formats asserted).
//   node ajv.mjs MODULES GENERATOR [generator options]
// MODULES is a folder whose node_modules has ajv. Exit status: 0 if no verdict differs, 1 if one does.
//
// Two ajvs judge each document: one as it comes, and one with the rules by which we are stricter on purpose. Ours must
// always be the second's verdict; where the two ajvs differ, we are "stricter on purpose".
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [modules, generator, ...options] = process.argv.slice(2);
const require = createRequire(join(resolve(modules), "node_modules", "_"));
const Ajv = require("ajv/dist/2020").default;
const addFormats = require("ajv-formats").default;

// Each rule narrows a format of ajv-formats, which in turn lets through more than RFC 3339 and RFC 9562 do.
const RULES = [
  { format: "uuid", name: "a UUID not in lower case, or with urn:uuid:", rule: /^[0-9a-f-]{36}$/ },
  { format: "date-time", name: "a time without upper-case T between its parts", rule: /^.{10}T/s },
  { format: "date-time", name: "an offset that is neither upper-case Z nor has a colon", rule: /(Z|[+-]\d\d:\d\d)$/ },
  { format: "date-time", name: "more than six decimals of a second", rule: /^[^.]*(\.\d{1,6}(?!\d).*)?$/s },
  { format: "date-time", name: "a leap second", rule: /^.{17}[0-5]/s },
];
// RE2 takes linear time, so it has neither: our compiler refuses a schema with them.
const NOT_IN_RE2 = /\(\?<?[=!]|\\[1-9]/;
const REFUSED = "a pattern with look-around or a back reference";

const counts = new Map([...RULES.map((r) => [r.name, 0]), [REFUSED, 0]]);
let broken = new Set(); // the rules that made the stricter ajv refuse the present document

function newAjv(stricter) {
  // ownProperties: a member "constructor" is there only when the document has it.
  const ajv = new Ajv({ strict: false, ownProperties: true, logger: false });
  addFormats(ajv);
  if (!stricter) return ajv;
  for (const format of new Set(RULES.map((r) => r.format))) {
    const known = ajv.formats[format];
    const standard = known.validate ?? ((text) => known.test(text));
    const rules = RULES.filter((r) => r.format === format);
    ajv.addFormat(format, (text) => {
      if (!standard(text)) return false;
      const failed = rules.filter((r) => !r.rule.test(text));
      failed.forEach((r) => broken.add(r.name));
      return failed.length === 0;
    });
  }
  return ajv;
}

function patterns(schema) {
  if (schema === null || typeof schema !== "object") return [];
  return Object.entries(schema).flatMap(([name, value]) =>
    name === "pattern" && typeof value === "string" ? [value] : patterns(value));
}

const ajv = newAjv(false);
const stricterAjv = newAjv(true);
const schemas = new Map();
const total = { documents: 0, valid: 0, agree: 0, stricter: 0, differ: 0 };

function differs(line, schema, standard) {
  if (++total.differ > 10) return;
  console.log(`differs: ours ${line.valid}, ajv ${standard}, ${line.id}`);
  console.log(`  schema   ${JSON.stringify(schema.source)}`);
  console.log(`  document ${JSON.stringify(line.document)}`);
}

function judge(line) {
  const schema = schemas.get(line.id);
  const standard = schema.standard(line.document);
  ++total.documents;
  if (standard) ++total.valid;
  if (line.valid === null) {
    if (!schema.notInRe2) return differs(line, schema, standard);
    counts.set(REFUSED, counts.get(REFUSED) + 1);
    ++total.stricter;
    return;
  }
  broken = new Set();
  const stricter = schema.stricter(line.document);
  if (line.valid !== stricter) return differs(line, schema, standard);
  if (stricter === standard) ++total.agree;
  else {
    for (const name of broken) counts.set(name, counts.get(name) + 1);
    ++total.stricter;
  }
}

function read(text) {
  const line = JSON.parse(text);
  if ("seed" in line) console.log(`seed ${line.seed} (repeat with --seed ${line.seed})`);
  else if ("schema" in line)
    schemas.set(line.id, {
      source: line.schema,
      standard: ajv.compile(line.schema),
      stricter: stricterAjv.compile(line.schema),
      notInRe2: patterns(line.schema).some((p) => NOT_IN_RE2.test(p)),
    });
  else judge(line);
}

const child = spawn(generator, options, { stdio: ["ignore", "pipe", "inherit"] });
let rest = "";
child.stdout.setEncoding("utf8");
child.stdout.on("data", (chunk) => {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop();
  lines.forEach(read);
});
child.on("error", (error) => { console.error(`the generator could not be started: ${error.message}`); process.exit(1); });
child.on("close", (code) => {
  for (const [name, count] of counts) if (count > 0) console.log(`${String(count).padStart(8)} ${name}`);
  console.log(`${schemas.size} schemas, ${total.valid} documents valid to ajv`);
  console.log(`${total.documents} documents, ${total.agree} agree, ${total.stricter} stricter on purpose, ${total.differ} differ`);
  // Verdicts that are nearly all the same would say nothing.
  const varied = total.valid > total.documents / 10 && total.valid < (total.documents * 9) / 10;
  if (!varied) console.log("too few of the documents are valid, or too many");
  process.exit(code === 0 && varied && total.differ === 0 ? 0 : 1);
});
