import { LyingLeader__Harness } from "../../doubles/Validator__Harness.js";
import { runFaultyProcess } from "./faulty.js";

runFaultyProcess(import.meta.filename, (parts, isFaulty) => new LyingLeader__Harness(parts, isFaulty));
