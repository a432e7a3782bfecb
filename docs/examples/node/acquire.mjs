// Acquire a code as a ward terminal would: ask once, then ask how it stands until it ends.
//
// Usage: node acquire.mjs CONTRACT DATA HOST:PORT [LOCAL_ADDRESS_NUMBER]
// CONTRACT is what `renkei protos export` wrote; DATA is the folder of a world that runs.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";
import protobuf from "protobufjs";

const WARD = "131148";
const SERVER = "resident-record.131148.ward-131148.renkei.test";
const [contract, data, address, given] = process.argv.slice(2);

// The reason of a refusal, from the status in the trailers, or the status code of an outage.
const root = new protobuf.Root();
root.resolvePath = (_origin, target) => join(contract, target);
root.loadSync(["google/rpc/status.proto", "google/rpc/error_details.proto"]);
function reason(error) {
  const [bytes] = error.metadata?.get("grpc-status-details-bin") ?? [];
  const details = bytes ? root.lookupType("google.rpc.Status").decode(bytes).details : [];
  const info = details.find((one) => one.type_url.endsWith("/google.rpc.ErrorInfo"));
  if (!info) return grpc.status[error.code] ?? String(error);
  return root.lookupType("google.rpc.ErrorInfo").decode(info.value).reason;
}

const people = readFileSync(join(data, "people.csv"), "utf8").trim().split("\n");
const anyone = people.map((row) => row.split(",")).find((row) => row[0] === WARD && row[4] === "resident");
const person = { digits: given ?? anyone[1] };

const caller = join(data, "callers", `ward-terminal.${WARD}`);
const [roots, key, chain] = ["roots", "key", "chain"].map((name) => readFileSync(join(caller, `${name}.pem`)));
const session = JSON.parse(readFileSync(join(caller, "operator-session.json"), "utf8"));
const bytes = (text) => Buffer.from(text, "base64");
const who = {
  sender: WARD,
  local_address_number: person,
  operator_session: Object.fromEntries(Object.entries(session).map(([name, text]) => [name, bytes(text)])),
};

const { renkei } = grpc.loadPackageDefinition(
  loader.loadFileDescriptorSetFromBuffer(readFileSync(join(contract, "renkei.binpb")), {
    keepCase: true,
    enums: String,
  }),
);
const register = new renkei.ward.v1.ResidentRecordService(
  address,
  grpc.credentials.createSsl(roots, key, chain),
  { "grpc.ssl_target_name_override": SERVER },
);
const call = (method, request) =>
  promisify(register[method].bind(register))(request, { deadline: Date.now() + 5_000 });

try {
  await call("RequestCodeAcquisition", { ...who, request_id: randomUUID() });
  let found;
  do {
    await pause(200);
    found = (await call("GetCodeAcquisition", who)).acquisition;
  } while (found.state === "ACQUISITION_STATE_PENDING");
  console.log(`state: ${found.state}`);
} catch (error) {
  console.error(`refused: ${reason(error)}`);
  process.exitCode = 1;
} finally {
  register.close();
}
