// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/**
 * @title ReentrantCoin__MockForMedicalCoin
 * @notice A coin that anyone may mint, and that calls somebody in the middle of a transfer.
 */
contract ReentrantCoin__MockForMedicalCoin is ERC20("Reentrant", "RE") {
    address private _target;
    bytes private _data;

    /// @notice How the call went.
    bool public called;
    bool public succeeded;
    bytes public answer;

    function mint(address account, uint256 amount) external {
        _mint(account, amount);
    }

    /// @notice Lets the next transfer call `target`, once the coin has moved.
    function callBack(address target, bytes calldata data) external {
        (_target, _data, called) = (target, data, false);
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (_target == address(0)) return;
        address target = _target;
        delete _target;
        called = true;
        (succeeded, answer) = target.call(_data);
    }
}
