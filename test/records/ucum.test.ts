import { expect } from "chai";
import { isUcumUnit } from "../../src/records/ucum.js";

describe("records/ucum", () => {
  it("knows the units of measurements and doses", () => {
    const units =
      "mm[Hg] fL mg/dL cm {score} kg kg/m2 10*3/uL g/dL % 10*6/uL pg mL/min/{1.73_m2} mmol/L Cel /min ng/mL U/L m[IU]/L a d 1 meq/L ug/kg/h [lb_av] [in_i] mg/{tablet}";
    for (const unit of units.split(" ")) expect(isUcumUnit(unit), unit).to.equal(true);
  });

  it("knows no words, names or numbers", () => {
    for (const word of [
      "",
      "Zelphira",
      "{Zelphira}",
      "kg{Zelphira}",
      "mg/Osric",
      "MRN-7734-21",
      "04321",
      "m ",
      "m/",
      "m//s",
      "1950-03-17",
    ]) {
      expect(isUcumUnit(word), word).to.equal(false);
    }
  });
});
