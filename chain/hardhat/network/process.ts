import { runValidatorProcess } from "./validatorProcess.js";

runValidatorProcess();
