// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PurposeOfUse} from "../../contracts/records/PurposeOfUse.sol";

/// @notice Which purposes are the patient's own care, for any number.
contract PurposeOfUseTest {
    function testFuzz_CareIsTheFirstFour(uint8 purpose) external pure {
        assert(PurposeOfUse.isCare(purpose) == (purpose < 4));
    }
}
