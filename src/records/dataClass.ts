/**
 * The classes of medical data that a consent can name, one code each. The same codes stand in `contracts/records/DataClass.sol`.
 * A section (one FHIR resource of a record) has a class below 24; a record as a whole has a class from 24 up: the kind of its encounter.
 */
export const DataClass = {
  Encounter: 0,
  Conditions: 1,
  Allergies: 2,
  Medications: 3,
  Immunizations: 4,
  Procedures: 5,
  VitalSigns: 6,
  Laboratory: 7,
  Surveys: 8,
  Reports: 9,
  Imaging: 10,
  CarePlans: 11,
  Documents: 12,
  Devices: 13,
  Financial: 14,
  Demographics: 15,
  Providers: 16,
  OtherClinical: 17,
  AmbulatoryRecord: 24,
  EmergencyRecord: 25,
  InpatientRecord: 26,
  HomeRecord: 27,
  VirtualRecord: 28,
  OtherRecord: 29,
} as const;

export type DataClassName = keyof typeof DataClass;
export type DataClassCode = (typeof DataClass)[DataClassName];

/** The bit that stands for `dataClass` in a consent's `dataClasses`. */
export function dataClassBit(dataClass: DataClassCode): number {
  return (1 << dataClass) >>> 0;
}

/** The bits of several classes, as a consent's `dataClasses` takes them. */
export function dataClassBits(...dataClasses: DataClassCode[]): number {
  return dataClasses.reduce<number>((bits, dataClass) => (bits | dataClassBit(dataClass)) >>> 0, 0);
}
