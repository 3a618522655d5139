import { expect } from "chai";
import type { NewTaskDefinition, TaskDefinition } from "hardhat/types/tasks";
import healthchain from "../../tasks/index.js";

const isVerb = (task: TaskDefinition): task is NewTaskDefinition => task.type === "NEW_TASK";

describe("the tasks' declarations", () => {
  const tasks = healthchain.tasks ?? [];
  const domains = tasks.filter((task) => !isVerb(task));
  const names = new Set(["deploy", ...domains.flatMap(({ id }) => id)]);
  const verbs = tasks.filter(isVerb).filter(({ id: [domain = ""] }) => names.has(domain));

  it("are a plugin of their own", () => {
    expect(healthchain.id).to.equal("healthchain");
    expect(verbs).to.have.length.above(30);
  });

  it("name every domain, with what it is about", () => {
    expect(domains.map(({ id }) => id.join(" "))).to.include.members([
      "accounts",
      "records",
      "consent",
      "coin",
      "database",
    ]);
    for (const { description } of domains) expect(description).to.match(/^[A-Z].*[^.]$/);
  });

  for (const { id, description, options, positionalArguments } of verbs) {
    describe(id.join(" "), () => {
      it("says in one sentence what it does", () => {
        expect(description).to.match(/^[A-Z][^\n]*[^.]$/);
      });

      it("prints JSON on demand", () => {
        expect(options.json).to.include({ type: "FLAG", defaultValue: false });
      });

      it("describes every argument and takes no secret", () => {
        for (const argument of [...Object.values(options), ...positionalArguments]) {
          expect(argument.description, argument.name).to.match(/^\S.*[^.]$/);
          expect(argument.name).not.to.match(/privatekey|mnemonic|phrase|password/i);
        }
      });
    });
  }
});
