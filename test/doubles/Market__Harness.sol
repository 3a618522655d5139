// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Consortium} from "../../contracts/Consortium.sol";
import {Role} from "../../contracts/accounts/Account.sol";
import {MedicalCoin} from "../../contracts/coin/MedicalCoin.sol";
import {DataMarket} from "../../contracts/market/DataMarket.sol";
import {Listing} from "../../contracts/market/Dataset.sol";
import {DatasetRegistry} from "../../contracts/market/DatasetRegistry.sol";
import {IDataMarket} from "../../contracts/market/IDataMarket.sol";
import {IDatasetRegistry} from "../../contracts/market/IDatasetRegistry.sol";
import {Quoter} from "../../contracts/market/Quoter.sol";
import {ConsentRegistry} from "../../contracts/records/ConsentRegistry.sol";
import {GrantKey, Recipient, RecipientKind, Scope, ScopeKind} from "../../contracts/records/Grant.sol";
import {RecordId} from "../../contracts/records/Record.sol";
import {Actor, Healthchain__Harness as Healthchain} from "./Healthchain__Harness.sol";
import {vm} from "./Vm.sol";

/**
 * @title Market__Harness
 * @notice The market with two datasets of the hospital, eight records of two patients to go into them, and two buyers who hold coin. Who
 * inherits from it is arbiter, pauser and clearing.
 */
abstract contract Market__Harness {
    uint64 private constant OPERATOR_ROLE = 2;
    uint64 private constant ARBITER_ROLE = 4;
    uint64 private constant PAUSER_ROLE = 5;
    uint64 private constant CLEARING_ROLE = 6;

    /// @dev HRESCH, and with it HMARKT.
    uint8 internal constant PURPOSE = 8;
    uint32 internal constant PURPOSES = (uint32(1) << 8) | (uint32(1) << 20);
    uint32 internal constant SECTIONS = 0x28;
    uint16 internal constant HOSPITAL = 1;
    uint256 internal constant DATASETS = 2;
    uint256 internal constant RECORDS = 8;
    uint256 internal constant PATIENTS = 2;
    uint256 internal constant KINDS = 2;
    uint256 internal constant BUYERS = 2;
    uint256 internal constant WINDOW = 4 hours;

    uint256 internal constant REWARD = 1_001;
    /// @dev What the registry may mint: less than all records would earn.
    uint256 internal constant QUOTA = 7_999;
    uint256 internal constant GAMMA = 7;
    uint256 internal constant FLOOR = 3;
    uint256 internal constant PATIENT_SHARE = 1_234;
    uint256 internal constant DOCTOR_SHARE = 567;

    Healthchain internal immutable _healthchain;
    ConsentRegistry internal immutable _consents;
    MedicalCoin public immutable coin;
    DatasetRegistry public immutable registry;
    DataMarket public immutable market;

    address internal immutable _hospital;
    address internal immutable _doctor;
    address[PATIENTS] internal _patients;
    address[BUYERS] internal _buyers;
    RecordId[RECORDS] internal _ids;
    /// @dev A patient's grants: to the hospital, to all institutions.
    GrantKey[KINDS][PATIENTS] internal _keys;

    constructor(Healthchain healthchain) {
        _healthchain = healthchain;
        _consents = healthchain.consentRegistry();
        Consortium consortium = healthchain.consortium();
        coin = new MedicalCoin(address(consortium), type(uint128).max);
        registry = new DatasetRegistry(
            address(consortium),
            _consents,
            healthchain.recordRegistry(),
            healthchain.accountCenter(),
            coin,
            IDatasetRegistry.SharingReward(uint96(REWARD), 6_003, 1_001, 0)
        );
        market = new DataMarket(
            address(consortium),
            registry,
            new Quoter(),
            _consents,
            healthchain.recordRegistry(),
            healthchain.accountCenter(),
            coin,
            IDataMarket.MarketRules(uint32(WINDOW), uint32(WINDOW), uint32(WINDOW), uint32(WINDOW), 2_500, 2_500)
        );
        (, _hospital) = healthchain.hospital();
        (, _doctor) = healthchain.doctor();
        _giveRoles(consortium);
        _addPatients();
        _addBuyers();
        _list();
    }

    /// @dev The patient of a record, by its index: of every three, two are the first patient's.
    function _patientOf(uint256 record) internal pure returns (uint256) {
        return record % 3 == 2 ? 1 : 0;
    }

    /// @dev The weight of a record in both datasets, by its class.
    function _weightOf(uint256 record) internal pure returns (uint256) {
        return record % 2 == 0 ? 1 : 7;
    }

    function _recipientOf(uint256 kind) internal pure returns (Recipient memory) {
        if (kind == 0) return Recipient(RecipientKind.Institution, HOSPITAL);
        return Recipient(RecipientKind.Role, uint160(Role.Institution));
    }

    function _everything() internal pure returns (Scope memory) {
        return Scope(ScopeKind.All, 0);
    }

    function _giveRoles(Consortium consortium) private {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = market.rule.selector;
        _allow(consortium, address(market), selectors, ARBITER_ROLE);
        selectors[0] = market.orderFor.selector;
        _allow(consortium, address(market), selectors, CLEARING_ROLE);
        selectors[0] = market.publishNumbers.selector;
        _allow(consortium, address(market), selectors, OPERATOR_ROLE);
        selectors = new bytes4[](2);
        (selectors[0], selectors[1]) = (market.pause.selector, market.unpause.selector);
        _allow(consortium, address(market), selectors, PAUSER_ROLE);
        vm.prank(address(_healthchain));
        coin.allotEmission(address(this), 1e36);
        vm.prank(address(_healthchain));
        coin.allotEmission(address(registry), QUOTA);
    }

    function _allow(Consortium consortium, address target, bytes4[] memory selectors, uint64 role) private {
        vm.prank(address(_healthchain));
        consortium.setTargetFunctionRole(target, selectors, role);
        vm.prank(address(_healthchain));
        consortium.grantRole(role, address(this), 0);
    }

    function _addPatients() private {
        (, _patients[0]) = _healthchain.patient();
        (, _patients[1]) = _healthchain.neighbour();
        for (uint256 i = 0; i < PATIENTS; ++i) {
            for (uint256 kind = 0; kind < KINDS; ++kind) {
                _keys[i][kind] = _consents.grantKeyOf(_patients[i], _everything(), _recipientOf(kind));
            }
        }
        for (uint256 i = 0; i < RECORDS; ++i) {
            Actor memory owner;
            if (_patientOf(i) == 0) (owner.key, owner.wallet) = _healthchain.patient();
            else (owner.key, owner.wallet) = _healthchain.neighbour();
            _ids[i] = _healthchain.register(owner, uint8(24 + (i % 2)), bytes32(i + 1));
        }
    }

    function _addBuyers() private {
        (, _buyers[0]) = _healthchain.researcher();
        _buyers[1] = vm.addr(uint256(keccak256("company")));
        _healthchain.enroll(_buyers[1], Role.Company, 0);
        for (uint256 i = 0; i < BUYERS; ++i) {
            coin.mint(_buyers[i], 1e33);
            vm.prank(_buyers[i]);
            coin.approve(address(market), type(uint256).max);
        }
        coin.mint(address(this), 1e33);
        coin.approve(address(market), type(uint256).max);
    }

    /// @dev Prices of a few wei, where every division leaves something, and prices in whole coins.
    function _list() private {
        for (uint256 i = 0; i < DATASETS; ++i) {
            uint256 unit = _unitOf(i);
            Listing memory listing = Listing({
                dataClass: 24,
                weights: 0x0701,
                sectionClasses: SECTIONS,
                purposes: uint32(1) << PURPOSE,
                gamma: uint80(GAMMA * unit),
                floor: uint80(FLOOR * unit),
                lambdaMin: uint80(10 * unit),
                lambdaMax: uint80(30 * unit),
                patientShare: uint16(PATIENT_SHARE),
                doctorShare: uint16(DOCTOR_SHARE)
            });
            vm.prank(_hospital);
            registry.list(listing);
        }
        IDataMarket.NumberBounds memory bounds = IDataMarket.NumberBounds(1, 1e24, 1, 1e24);
        market.publishNumbers(24, Role.Researcher, 20 ether, 6 ether, bounds);
        market.publishNumbers(24, Role.Company, 60, 4 ether, bounds);
    }

    /// @dev What prices of a dataset are multiples of, in wei.
    function _unitOf(uint256 dataset) internal pure returns (uint256) {
        return dataset == 0 ? 1 : 0.123456789123456789 ether;
    }
}
