// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

/**
 * @title Governed
 * @notice An immutable contract under the consortium's {Consortium} access manager, with a pointer to the contract that follows it.
 * The state stays readable here for ever, so that a successor can import it.
 */
abstract contract Governed is AccessManaged {
    /// @notice The contract that takes over from this one, or zero while this one is current.
    address public successor;

    /// @notice The consortium named `successor` as the contract that takes over.
    event SuccessorSet(address indexed successor);

    /// @notice A successor is a contract, and another one. Remedy: deploy it first.
    error SuccessorInvalid(address successor);

    /// @param consortium The {Consortium} that decides about restricted functions.
    constructor(address consortium) AccessManaged(consortium) {}

    /// @notice Points users to the contract that takes over. Callable by the consortium.
    /// @param successor_ The new contract.
    function setSuccessor(address successor_) external restricted {
        if (successor_.code.length == 0 || successor_ == address(this)) revert SuccessorInvalid(successor_);
        successor = successor_;
        emit SuccessorSet(successor_);
    }
}
