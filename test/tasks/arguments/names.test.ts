import { expect } from "chai";
import fc from "fast-check";
import { DataClass } from "../../../src/records/dataClass.js";
import { PurposeOfUse, type PurposeOfUseCode, purposeBits } from "../../../src/records/purposeOfUse.js";
import { ArgumentInvalid } from "../../../tasks/arguments/argumentInvalid.js";
import {
  className,
  classNamesOf,
  purposeNames,
  purposesArgument,
  recordClassArgument,
  roleArgument,
  sectionClassArgument,
  sectionClassesArgument,
} from "../../../tasks/arguments/names.js";

describe("names as arguments", () => {
  it("reads what it writes, for every set of purposes", () => {
    const purposes = fc.subarray(Object.keys(PurposeOfUse) as PurposeOfUseCode[], { minLength: 1 });
    fc.assert(
      fc.property(purposes, (codes) => {
        expect(purposesArgument(codes.join(","))).to.deep.equal(codes);
        expect(purposeNames(purposeBits(...codes))).to.have.members(codes);
      }),
    );
  });

  it("does not mind the case of letters, nor space around a name", () => {
    expect(purposesArgument("treat, HResch")).to.deep.equal(["TREAT", "HRESCH"]);
    expect(sectionClassesArgument("laboratory,vitalsigns")).to.deep.equal([DataClass.Laboratory, DataClass.VitalSigns]);
    expect(roleArgument("doctor")).to.equal(2);
  });

  it("knows all classes of sections by one word", () => {
    expect(sectionClassesArgument("all")).to.equal("all");
    expect(classNamesOf(2 ** 24 - 1)).to.deep.equal(["all"]);
    expect(classNamesOf(1 << DataClass.Laboratory)).to.deep.equal(["Laboratory"]);
  });

  it("refuses a name that it does not know, and lists those that it knows", () => {
    expect(() => purposesArgument("RESEARCH")).to.throw(ArgumentInvalid, /"RESEARCH".*TREAT, ETREAT/);
    expect(() => purposesArgument("")).to.throw(ArgumentInvalid);
    expect(() => roleArgument("None")).to.throw(ArgumentInvalid, /Patient, Doctor/);
  });

  it("keeps classes of records and of sections apart", () => {
    expect(recordClassArgument("EmergencyRecord")).to.equal(DataClass.EmergencyRecord);
    expect(() => sectionClassArgument("EmergencyRecord")).to.throw(ArgumentInvalid);
    expect(() => recordClassArgument("Laboratory")).to.throw(ArgumentInvalid);
    expect(className(DataClass.Laboratory)).to.equal("Laboratory");
    expect(className(31)).to.equal("31");
  });
});
