// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/**
 * @title PurposeOfUse
 * @notice The codes of HL7 v3 PurposeOfUse that a consent can name, one bit each; the table stands in `src/records/purposeOfUse.ts`.
 */
library PurposeOfUse {
    /// @notice Emergency treatment, the one purpose for which breaking the glass counts.
    uint8 internal constant ETREAT = 1;

    /// @notice The bits of the patient's own care: TREAT, ETREAT, CAREMGT, COC.
    uint32 internal constant CARE = 0xf;

    /// @notice The bits of all known codes.
    uint32 internal constant KNOWN = (1 << 24) - 1;

    /// @notice The bit of the market: HMARKT.
    uint32 internal constant MARKET = 1 << 20;

    /// @notice Whether `purpose` is the patient's own care.
    function isCare(uint8 purpose) internal pure returns (bool) {
        return (CARE >> purpose) & 1 != 0;
    }
}
