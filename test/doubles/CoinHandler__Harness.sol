// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MedicalCoin} from "../../contracts/coin/MedicalCoin.sol";
import {vm} from "./Vm.sol";

/**
 * @title CoinHandler__Harness
 * @notice Allots, mints, moves and burns coin at random, and keeps its own books. What the coin must refuse is tried too: if it goes
 * through, the action fails.
 */
contract CoinHandler__Harness {
    uint256 private constant ACCOUNTS = 4;

    MedicalCoin public immutable coin;

    uint256 public allotted;
    uint256 public minted;
    uint256 public burned;
    mapping(address emitter => uint256) public quotaOf;
    mapping(address emitter => uint256) public mintedBy;
    mapping(address account => uint256) public balanceOf;

    constructor(MedicalCoin coin_) {
        coin = coin_;
    }

    function allotEmission(uint8 seed, uint256 quota) external {
        address emitter = accountAt(seed);
        // Mostly quotas of which several fit under the cap.
        if (quota % 4 != 0) quota = 1 + (quota % (coin.emissionCap() / 2));
        bool allowed = quota != 0 && quotaOf[emitter] == 0 && quota <= coin.emissionCap() - allotted;
        try coin.allotEmission(emitter, quota) {
            assert(allowed);
            quotaOf[emitter] = quota;
            allotted += quota;
        } catch {
            assert(!allowed);
        }
    }

    function endEmission(uint8 seed) external {
        // One in four, so that most emitters get to mint.
        if (seed >= 64) return;
        address emitter = accountAt(seed);
        uint256 left = quotaOf[emitter] - mintedBy[emitter];
        try coin.endEmission(emitter) {
            assert(left != 0);
            quotaOf[emitter] -= left;
            allotted -= left;
        } catch {
            assert(left == 0);
        }
    }

    function mint(uint8 emitterSeed, uint8 receiverSeed, uint256 amount) external {
        address emitter = accountAt(emitterSeed);
        address receiver = accountAt(receiverSeed);
        uint256 left = quotaOf[emitter] - mintedBy[emitter];
        // Mostly amounts that are there, often all of it, sometimes one too many.
        if (amount % 4 != 0) amount = amount % (left + 2);
        vm.prank(emitter);
        try coin.mint(receiver, amount) {
            assert(amount <= left);
            mintedBy[emitter] += amount;
            minted += amount;
            balanceOf[receiver] += amount;
        } catch {
            assert(amount > left);
        }
    }

    function transfer(uint8 senderSeed, uint8 receiverSeed, uint256 amount) external {
        address sender = accountAt(senderSeed);
        address receiver = accountAt(receiverSeed);
        amount = amount % (balanceOf[sender] + 1);
        vm.prank(sender);
        assert(coin.transfer(receiver, amount));
        balanceOf[sender] -= amount;
        balanceOf[receiver] += amount;
    }

    function burn(uint8 seed, uint256 amount) external {
        address account = accountAt(seed);
        amount = amount % (balanceOf[account] + 1);
        vm.prank(account);
        coin.burn(amount);
        balanceOf[account] -= amount;
        burned += amount;
    }

    function accountCount() external pure returns (uint256) {
        return ACCOUNTS;
    }

    function accountAt(uint256 index) public pure returns (address) {
        return address(uint160(0x1000 + (index % ACCOUNTS)));
    }
}
