// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Consortium} from "../../contracts/Consortium.sol";
import {Role} from "../../contracts/accounts/Account.sol";
import {AccountCenter} from "../../contracts/accounts/AccountCenter.sol";
import {IAccountCenter} from "../../contracts/accounts/IAccountCenter.sol";
import {MedicalCoin} from "../../contracts/coin/MedicalCoin.sol";
import {BlockCertifier} from "../../contracts/consensus/BlockCertifier.sol";
import {IBlockCertifier} from "../../contracts/consensus/IBlockCertifier.sol";
import {IValidatorRegistry} from "../../contracts/consensus/IValidatorRegistry.sol";
import {ValidatorRegistry} from "../../contracts/consensus/ValidatorRegistry.sol";
import {Actor, Healthchain__Harness as Healthchain} from "./Healthchain__Harness.sol";
import {vm} from "./Vm.sol";

/**
 * @title Validators__Harness
 * @notice Coin, registry and certifier with six institutions and three delegators, all of whom hold coin. Who inherits from it may reward,
 * jail and slash, besides the certifier.
 */
abstract contract Validators__Harness {
    uint64 private constant CERTIFIER_ROLE = 3;
    uint256 internal constant INSTITUTIONS = 6;
    uint256 internal constant ACCOUNTS = 9;
    uint256 internal constant PURSE = 1_000_000 ether;
    /// @dev What the certifier may mint: less than the blocks of most runs would earn.
    uint256 public constant QUOTA = 150 ether;
    bytes32 internal constant SALT = keccak256("salt");

    uint256 internal constant SEATS = 4;
    uint256 internal constant UNBONDING = 3;
    uint256 internal constant NOTICE = 2;
    uint256 internal constant EPOCH_LENGTH = 1 hours;
    uint256 internal constant JAIL_TIME = 1 hours;
    uint256 internal constant MIN_SELF_STAKE = 10 ether;
    uint256 internal constant BLOCK_REWARD = 1 ether;
    uint256 internal constant LEADER_SHARE = 2_500;
    uint256 internal constant MIN_PARTICIPATION = 2_000;
    uint256 internal constant MIN_BLOCKS = 10;

    Healthchain internal immutable _healthchain;
    AccountCenter public immutable accountCenter;
    MedicalCoin public immutable coin;
    ValidatorRegistry public immutable registry;
    BlockCertifier public immutable certifier;

    /// @dev The institutions in the order of their numbers, then the delegators.
    Actor[] internal _actors;

    constructor(Healthchain healthchain, uint16 slashFraction) {
        _healthchain = healthchain;
        accountCenter = healthchain.accountCenter();
        Consortium consortium = healthchain.consortium();
        coin = new MedicalCoin(address(consortium), 1_000_000_000 ether);
        registry = new ValidatorRegistry(
            address(consortium),
            IAccountCenter(address(accountCenter)),
            coin,
            block.timestamp,
            4,
            _rulesWith(slashFraction)
        );
        IBlockCertifier.Rewards memory rewards = IBlockCertifier.Rewards({
            blockReward: uint96(BLOCK_REWARD),
            leaderShare: uint16(LEADER_SHARE),
            minParticipation: uint16(MIN_PARTICIPATION),
            minBlocks: uint16(MIN_BLOCKS)
        });
        certifier = new BlockCertifier(address(consortium), registry, false, SALT, rewards);
        _giveRoles(consortium);
        _addActors();
    }

    function accountAt(uint256 index) public view returns (address) {
        return _actors[index].wallet;
    }

    function _rulesWith(uint16 slashFraction) private pure returns (IValidatorRegistry.Rules memory) {
        return
            IValidatorRegistry.Rules({
                seats: uint8(SEATS),
                minValidators: 4,
                epochLength: uint32(EPOCH_LENGTH),
                unbondingEpochs: uint8(UNBONDING),
                maxCommission: 2_000,
                commissionNotice: uint8(NOTICE),
                jailTime: uint32(JAIL_TIME),
                slashFraction: slashFraction,
                minSelfStake: uint96(MIN_SELF_STAKE)
            });
    }

    function _giveRoles(Consortium consortium) private {
        bytes4[] memory selectors = new bytes4[](3);
        selectors[0] = registry.reward.selector;
        selectors[1] = registry.jail.selector;
        selectors[2] = registry.slash.selector;
        vm.prank(address(_healthchain));
        consortium.setTargetFunctionRole(address(registry), selectors, CERTIFIER_ROLE);
        vm.prank(address(_healthchain));
        consortium.grantRole(CERTIFIER_ROLE, address(certifier), 0);
        vm.prank(address(_healthchain));
        consortium.grantRole(CERTIFIER_ROLE, address(this), 0);
        vm.prank(address(_healthchain));
        coin.allotEmission(address(certifier), QUOTA);
        vm.prank(address(_healthchain));
        coin.allotEmission(address(this), 100_000_000 ether);
    }

    function _addActors() private {
        _addActor(_healthchain.hospital);
        _addActor(_healthchain.clinic);
        for (uint256 i = _actors.length; i < ACCOUNTS; ++i) {
            uint256 key = uint256(keccak256(abi.encode("validator", i)));
            _actors.push(Actor(key, vm.addr(key)));
            if (i < INSTITUTIONS) _healthchain.enroll(vm.addr(key), Role.Institution, 0);
        }
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            coin.mint(_actors[i].wallet, PURSE);
            vm.prank(_actors[i].wallet);
            coin.approve(address(registry), type(uint256).max);
        }
    }

    function _addActor(function() external view returns (uint256, address) actor) private {
        (uint256 key, address wallet) = actor();
        _actors.push(Actor(key, wallet));
    }
}
