// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/**
 * @title FeeTakingCoin__MockForMedicalCoin
 * @notice A coin that anyone may mint, and of which a hundredth vanishes with each transfer.
 */
contract FeeTakingCoin__MockForMedicalCoin is ERC20("Fee", "FEE") {
    function mint(address account, uint256 amount) external {
        _mint(account, amount);
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (from != address(0) && to != address(0)) _burn(to, value / 100);
    }
}
