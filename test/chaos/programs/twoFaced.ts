import { TwoFacedValidator__Harness } from "../../doubles/Validator__Harness.js";
import { runFaultyProcess } from "./faulty.js";

runFaultyProcess(import.meta.filename, (parts, isFaulty) => new TwoFacedValidator__Harness(parts, isFaulty));
