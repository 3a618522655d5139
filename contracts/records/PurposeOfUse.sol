// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/**
 * @title PurposeOfUse
 * @notice The codes of HL7 v3 PurposeOfUse that a consent can name, one bit each; the table stands in `src/records/purposeOfUse.ts`.
 */
library PurposeOfUse {
    uint8 internal constant TREAT = 0;
    uint8 internal constant ETREAT = 1;
    uint8 internal constant HRESCH = 8;

    /// @notice The bits of all known codes.
    uint32 internal constant KNOWN = (1 << 24) - 1;
}
