// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {Governed} from "../Governed.sol";
import {IMedicalCoin} from "./IMedicalCoin.sol";

/**
 * @title MedicalCoin
 * @notice The medical coin. {IMedicalCoin} says what each function promises.
 * @dev A burn never gives quota back: the cap is on what is ever minted.
 */
contract MedicalCoin is IMedicalCoin, ERC20Burnable, ERC20Permit, Governed {
    /// @inheritdoc IMedicalCoin
    uint256 public immutable emissionCap;

    /// @inheritdoc IMedicalCoin
    uint256 public emissionAllotted;

    mapping(address emitter => Emission) private _emissions;

    /// @param consortium The access manager.
    /// @param emissionCap_ The lifetime cap on all emission, in wei; at most 2^128 - 1.
    constructor(
        address consortium,
        uint128 emissionCap_
    ) ERC20("Healthchain Medical Coin", "HMC") ERC20Permit("Healthchain Medical Coin") Governed(consortium) {
        emissionCap = emissionCap_;
    }

    /// @inheritdoc IMedicalCoin
    function allotEmission(address emitter, uint256 quota) external restricted {
        if (emitter == address(0) || quota == 0) revert EmissionInvalid(emitter, quota);
        if (_emissions[emitter].quota != 0) revert EmissionAlreadyAllotted(emitter);
        uint256 available = emissionCap - emissionAllotted;
        if (quota > available) revert EmissionCapExceeded(quota, available);

        emissionAllotted += quota;
        // The cap is a uint128, and so is every quota below it.
        _emissions[emitter].quota = uint128(quota);
        emit EmissionAllotted(emitter, quota);
    }

    /// @inheritdoc IMedicalCoin
    function endEmission(address emitter) external restricted {
        Emission storage emission = _emissions[emitter];
        uint128 returned = emission.quota - emission.minted;
        if (returned == 0) revert EmissionInvalid(emitter, 0);

        emission.quota = emission.minted;
        emissionAllotted -= returned;
        emit EmissionEnded(emitter, returned);
    }

    /// @inheritdoc IMedicalCoin
    function mint(address account, uint256 amount) external {
        Emission storage emission = _emissions[msg.sender];
        uint256 available = emission.quota - emission.minted;
        if (amount > available) revert EmissionQuotaExceeded(msg.sender, amount, available);

        // At most the quota, which is a uint128.
        emission.minted += uint128(amount);
        _mint(account, amount);
    }

    /// @inheritdoc IMedicalCoin
    function emissionOf(address emitter) external view returns (Emission memory) {
        return _emissions[emitter];
    }

    /// @inheritdoc IERC20Permit
    function nonces(address owner) public view override(ERC20Permit, IERC20Permit) returns (uint256) {
        return super.nonces(owner);
    }
}
