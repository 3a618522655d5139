// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {WordReader} from "../WordReader.sol";
import {Account} from "./Account.sol";
import {IAccountCenter} from "./IAccountCenter.sol";

/**
 * @title AccountReader
 * @notice {IAccountCenter-accounts}, cheaper.
 */
library AccountReader {
    function read(IAccountCenter accountCenter, address wallet) internal view returns (Account) {
        bytes32 argument = bytes32(uint256(uint160(wallet)));
        return Account.wrap(WordReader.read(address(accountCenter), IAccountCenter.accounts.selector, argument));
    }
}
