// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/**
 * @title DataClass
 * @notice The classes of medical data that a consent can name, one code each; the table stands in `src/records/dataClass.ts`. A section of
 * a record has a class from 0 to 23, a record as a whole one from 24 to 31: the kind of its encounter.
 */
library DataClass {
    uint8 internal constant FIRST_OF_RECORDS = 24;
    uint8 internal constant LAST = 31;

    /// @notice Whether `dataClass` is the class of a whole record.
    function isOfRecord(uint8 dataClass) internal pure returns (bool) {
        return dataClass >= FIRST_OF_RECORDS && dataClass <= LAST;
    }
}
