import { verbAction } from "./action.js";
import { optional, verb } from "./verb.js";

export const deployTasks = [
  verb("deploy", "Deploys Healthchain on the network's chain, or finds it there")
    .addOption(
      optional(
        "parameters",
        "JSON file with what the deployment decides: administrator, registrars, operators, limits",
      ),
    )
    .setAction(verbAction(() => import("./deploy/deploy.js")))
    .build(),
];
