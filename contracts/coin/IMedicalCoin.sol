// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

/**
 * @title IMedicalCoin
 * @notice The medical coin of the paper's section III-A 3: ERC-20 with ERC-2612 permits, 18 decimals. Coin comes into being only through
 * *emitters*, contracts that the consortium allots a lifetime quota; all quotas together never exceed {emissionCap}.
 */
interface IMedicalCoin is IERC20, IERC20Permit {
    /// @notice An emitter's lifetime quota and how much of it has been minted, both in wei of the coin; one slot: bits 0-127
    /// quota | 128-255 minted.
    struct Emission {
        uint128 quota;
        uint128 minted;
    }

    /// @notice The consortium allotted `emitter` a lifetime quota.
    event EmissionAllotted(address indexed emitter, uint256 quota);

    /// @notice The consortium ended the emission of `emitter`; `returned` wei of its quota are free again.
    event EmissionEnded(address indexed emitter, uint256 returned);

    /// @notice The emitter has its quota already; a quota is set once. Remedy: allot to the emitter's successor.
    error EmissionAlreadyAllotted(address emitter);

    /// @notice The quota is zero, or the emitter is the zero address.
    error EmissionInvalid(address emitter, uint256 quota);

    /// @notice The quotas would exceed the lifetime cap. Remedy: allot at most `available`.
    error EmissionCapExceeded(uint256 quota, uint256 available);

    /// @notice The emitter has not enough quota left. Remedy: mint at most `available`.
    error EmissionQuotaExceeded(address emitter, uint256 amount, uint256 available);

    /// @notice Allots a lifetime quota to an emitter, once. Callable by the consortium.
    /// @param emitter The contract that may mint.
    /// @param quota Its lifetime quota, in wei, above zero.
    function allotEmission(address emitter, uint256 quota) external;

    /// @notice Takes back what an emitter has not minted: it mints nothing more. Callable by the consortium.
    /// @param emitter The contract that may mint no more; it has quota left. One that minted nothing may be allotted a quota again.
    function endEmission(address emitter) external;

    /// @notice Mints to `account` out of the caller's quota. Callable by emitters (by anyone, with an amount of zero).
    /// @param account The receiver.
    /// @param amount The amount in wei.
    function mint(address account, uint256 amount) external;

    /// @notice The lifetime cap on all emission, in wei.
    function emissionCap() external view returns (uint256);

    /// @notice The sum of all quotas given out, in wei.
    function emissionAllotted() external view returns (uint256);

    /// @notice Quota and use of `emitter`.
    /// @param emitter The contract that may mint.
    function emissionOf(address emitter) external view returns (Emission memory);
}
