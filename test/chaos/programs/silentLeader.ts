import { SilentLeader__Harness } from "../../doubles/Validator__Harness.js";
import { runFaultyProcess } from "./faulty.js";

runFaultyProcess(import.meta.filename, (parts, isFaulty) => new SilentLeader__Harness(parts, isFaulty));
