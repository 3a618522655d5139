// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice The part of the test runner's cheatcodes that these tests use.
interface Vm {
    /// @notice Sets the time of the block.
    function warp(uint256 timestamp) external;

    /// @notice Sets the number of the block.
    function roll(uint256 number) external;

    /// @notice Sends the next call as `sender`.
    function prank(address sender) external;

    /// @notice The next call must revert with this error and exactly these arguments.
    function expectRevert(bytes calldata revertData) external;

    /// @notice Drops the input unless the condition holds.
    function assume(bool condition) external pure;

    function addr(uint256 privateKey) external pure returns (address);

    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
}

/// @dev Where the runner answers, by convention: `address(uint160(uint256(keccak256("hevm cheat code"))))`.
Vm constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
