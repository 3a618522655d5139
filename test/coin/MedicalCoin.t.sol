// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Consortium} from "../../contracts/Consortium.sol";
import {IMedicalCoin} from "../../contracts/coin/IMedicalCoin.sol";
import {MedicalCoin} from "../../contracts/coin/MedicalCoin.sol";
import {CoinHandler__Harness as CoinHandler} from "../doubles/CoinHandler__Harness.sol";
import {vm} from "../doubles/Vm.sol";

/// @notice The coin for any amounts. This contract is the consortium's administrator, and so may allot.
contract MedicalCoinTest {
    address private constant EMITTER = address(0xE1);
    address private constant HOLDER = address(0xA1);
    address private constant OTHER = address(0xA2);

    Consortium private _consortium;

    function setUp() external {
        _consortium = new Consortium(address(this));
    }

    function testFuzz_MintsUpToTheQuotaAndNoFurther(uint128 cap, uint128 quota, uint128 first) external {
        vm.assume(quota != 0 && quota <= cap && first <= quota);
        MedicalCoin coin = new MedicalCoin(address(_consortium), cap);
        coin.allotEmission(EMITTER, quota);

        vm.prank(EMITTER);
        coin.mint(HOLDER, first);
        uint256 left = quota - first;
        vm.expectRevert(abi.encodeWithSelector(IMedicalCoin.EmissionQuotaExceeded.selector, EMITTER, left + 1, left));
        vm.prank(EMITTER);
        coin.mint(HOLDER, left + 1);
        vm.prank(EMITTER);
        coin.mint(HOLDER, left);

        IMedicalCoin.Emission memory emission = coin.emissionOf(EMITTER);
        assert(emission.quota == quota && emission.minted == quota);
        assert(coin.totalSupply() == quota && coin.balanceOf(HOLDER) == quota);
    }

    function testFuzz_AllotsUpToTheCapAndNoFurther(uint128 cap, uint128 first, uint256 second) external {
        vm.assume(first != 0 && first <= cap && second != 0);
        MedicalCoin coin = new MedicalCoin(address(_consortium), cap);
        coin.allotEmission(EMITTER, first);
        uint256 left = cap - first;
        if (second > left) {
            vm.expectRevert(abi.encodeWithSelector(IMedicalCoin.EmissionCapExceeded.selector, second, left));
        }
        coin.allotEmission(OTHER, second);
        assert(coin.emissionAllotted() == (second > left ? first : first + second));
    }

    function testFuzz_AnEndedEmissionFreesWhatItDidNotMint(uint128 cap, uint128 quota, uint128 minted) external {
        vm.assume(quota <= cap && minted < quota && minted != 0);
        MedicalCoin coin = new MedicalCoin(address(_consortium), cap);
        coin.allotEmission(EMITTER, quota);
        vm.prank(EMITTER);
        coin.mint(HOLDER, minted);
        coin.endEmission(EMITTER);

        assert(coin.emissionAllotted() == minted);
        vm.expectRevert(abi.encodeWithSelector(IMedicalCoin.EmissionQuotaExceeded.selector, EMITTER, 1, 0));
        vm.prank(EMITTER);
        coin.mint(HOLDER, 1);
        vm.expectRevert(abi.encodeWithSelector(IMedicalCoin.EmissionAlreadyAllotted.selector, EMITTER));
        coin.allotEmission(EMITTER, 1);
    }

    function testFuzz_SupplyIsTheSumOfTheBalances(
        uint128 quota,
        uint128 minted,
        uint128 moved,
        uint128 burned
    ) external {
        vm.assume(quota != 0 && burned <= moved && moved <= minted && minted <= quota);
        MedicalCoin coin = new MedicalCoin(address(_consortium), quota);
        coin.allotEmission(EMITTER, quota);
        vm.prank(EMITTER);
        coin.mint(HOLDER, minted);
        vm.prank(HOLDER);
        assert(coin.transfer(OTHER, moved));
        vm.prank(OTHER);
        coin.burn(burned);

        assert(coin.balanceOf(HOLDER) == minted - moved);
        assert(coin.balanceOf(OTHER) == moved - burned);
        assert(coin.totalSupply() == coin.balanceOf(HOLDER) + coin.balanceOf(OTHER));
        assert(coin.emissionOf(EMITTER).minted == minted);
    }
}

/// @notice The coin's books, whatever is done in whatever order.
contract MedicalCoinInvariantTest {
    CoinHandler private _handler;
    MedicalCoin private _coin;

    function setUp() external {
        Consortium consortium = new Consortium(address(this));
        _coin = new MedicalCoin(address(consortium), 1_000_000);
        _handler = new CoinHandler(_coin);
        consortium.grantRole(0, address(_handler), 0);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// hardhat-config: invariant.failOnRevert = true
    function invariant_SupplyIsTheSumOfTheBalancesAndBelowTheCap() external view {
        uint256 sum = 0;
        for (uint256 i = 0; i < _handler.accountCount(); ++i) {
            address account = _handler.accountAt(i);
            assert(_coin.balanceOf(account) == _handler.balanceOf(account));
            sum += _coin.balanceOf(account);
        }
        assert(_coin.totalSupply() == sum);
        assert(sum == _handler.minted() - _handler.burned());
        assert(_handler.minted() <= _coin.emissionCap());
    }

    /// hardhat-config: invariant.failOnRevert = true
    function invariant_EmittersStayWithinTheirQuotasAndQuotasWithinTheCap() external view {
        uint256 quotas = 0;
        for (uint256 i = 0; i < _handler.accountCount(); ++i) {
            address emitter = _handler.accountAt(i);
            IMedicalCoin.Emission memory emission = _coin.emissionOf(emitter);
            assert(emission.quota == _handler.quotaOf(emitter));
            assert(emission.minted == _handler.mintedBy(emitter));
            assert(emission.minted <= emission.quota);
            quotas += emission.quota;
        }
        assert(quotas == _coin.emissionAllotted());
        assert(quotas <= _coin.emissionCap());
    }
}
