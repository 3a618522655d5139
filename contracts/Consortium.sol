// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/**
 * @title Consortium
 * @notice The one place where administration is decided: which role may call which restricted function, after what delay. Who holds a
 * role is deployment data.
 */
contract Consortium is AccessManager {
    /// @param initialAdmin The account that sets up the roles; hand it over to a multisig or governor before real use.
    constructor(address initialAdmin) AccessManager(initialAdmin) {}
}
