import { parentPort } from "node:worker_threads";
import { type SimulationOptions, simulate } from "./simulation.js";

/** What a thread is told to do; it answers with the `SimulationResult`. */
export type Batch = SimulationOptions;

parentPort?.on("message", (batch: Batch) => parentPort?.postMessage(simulate(batch)));
