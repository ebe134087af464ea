// Reads Kubernetes objects, a JSON array, from standard input and holds each against the schema of its
// kind: required keys, types and formats by the validators that come with the schemas, keys that no
// schema knows by TypeScript, which the validators let pass. Prints each mistake; ends with 1 on any.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const OPERATOR = "monitoring.coreos.com/";
// TypeScript looks for the libraries from where a file is.
const HERE = fileURLToPath(new URL(".", import.meta.url));

function moduleOf({ apiVersion }) {
  const library = apiVersion.startsWith(OPERATOR)
    ? "@kubernetes-models/prometheus-operator"
    : "kubernetes-models";
  return `${library}/${apiVersion}`;
}

function nameOf({ kind, metadata }) {
  return `${kind} ${metadata?.name}`;
}

async function schemaMistakes(object) {
  let models;
  try {
    models = await import(moduleOf(object));
  } catch {
    return [`${nameOf(object)}: no API ${object.apiVersion}`];
  }
  const Model = models[object.kind];
  if (!Model) return [`${nameOf(object)}: ${object.apiVersion} has no such kind`];
  try {
    new Model(object).validate();
    return [];
  } catch (error) {
    return [`${nameOf(object)}: ${error.message}`];
  }
}

// An object as a literal of its type: TypeScript refuses keys that the type does not have.
function typeMistakes(object) {
  const folder = mkdtempSync(join(HERE, "typed-"));
  try {
    const file = join(folder, "object.ts");
    writeFileSync(
      file,
      `import type { I${object.kind} } from "${moduleOf(object)}";\n` +
        `export const object: I${object.kind} = ${JSON.stringify(object, null, 1)};\n`,
    );
    const program = ts.createProgram([file], {
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      noEmit: true,
      skipLibCheck: true,
      strict: true,
      types: [],
    });
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => `${nameOf(object)}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const mistakes = [];
for (const object of JSON.parse(readFileSync(0, "utf8"))) {
  const broken = await schemaMistakes(object);
  mistakes.push(...(broken.length > 0 ? broken : typeMistakes(object)));
}
console.log(mistakes.join("\n"));
process.exitCode = mistakes.length > 0 ? 1 : 0;
