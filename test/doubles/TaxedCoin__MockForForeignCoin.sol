// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/**
 * @title TaxedCoin__MockForForeignCoin
 * @notice A coin of somebody else's of which one wei is lost in every transfer.
 */
contract TaxedCoin__MockForForeignCoin is ERC20 {
    constructor(address holder, uint256 amount) ERC20("Taxed Coin", "TAX") {
        _mint(holder, amount);
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (from == address(0) || to == address(0)) {
            super._update(from, to, amount);
        } else {
            super._update(from, to, amount - 1);
            super._update(from, address(0), 1);
        }
    }
}
