// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/**
 * @title ConsentRegistry__Harness
 * @notice Says yes to every request and is the real registry in all else: for showing that somebody notices. Its code takes the place of
 * the registry's, whose own code stands at `original`.
 */
contract ConsentRegistry__Harness {
    bytes4 private constant IS_PERMITTED = bytes4(keccak256("isPermitted(bytes32,address,uint8,uint8)"));

    address private immutable original;

    constructor(address original_) {
        original = original_;
    }

    fallback(bytes calldata input) external returns (bytes memory output) {
        if (msg.sig == IS_PERMITTED) return abi.encode(true);
        bool success;
        (success, output) = original.delegatecall(input);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(output, 0x20), mload(output))
            }
        }
    }
}
