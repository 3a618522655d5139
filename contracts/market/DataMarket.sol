// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Governed} from "../Governed.sol";
import {IAccountCenter} from "../accounts/IAccountCenter.sol";
import {IMedicalCoin} from "../coin/IMedicalCoin.sol";
import {IConsentRegistry} from "../records/IConsentRegistry.sol";
import {IRecordRegistry} from "../records/IRecordRegistry.sol";
import {Record, RecordId} from "../records/Record.sol";
import {RecordReader} from "../records/RecordReader.sol";
import {DatasetId, Membership, MembershipLib, Sale} from "./Dataset.sol";
import {IDataMarket} from "./IDataMarket.sol";
import {IDatasetRegistry} from "./IDatasetRegistry.sol";
import {IQuoter} from "./IQuoter.sol";
import {Order, OrderId} from "./Order.sol";
import {Periods} from "./Periods.sol";
import {Trade} from "./Trade.sol";

/**
 * @title DataMarket
 * @notice The market for medical records. {IDataMarket} says what each function promises; {Periods} and {Trade} hold the consortium's
 * and the consumers' part of it. Here is who is paid what.
 * @dev Of each sale the creators of the version's records get the same part for the same weight: the sale adds to the version's income per
 * weight, and what a record has been paid of it is kept by the record.
 */
contract DataMarket is Trade {
    using RecordReader for IRecordRegistry;
    using MembershipLib for Membership;
    using SafeERC20 for IMedicalCoin;

    uint256 private constant MAX_CLAIMS = 100;
    /// @dev Incomes per weight are kept as multiples of 2^-64 wei.
    uint256 private constant INCOME_SHIFT = 64;

    /// @inheritdoc IDataMarket
    IRecordRegistry public immutable recordRegistry;

    /// @inheritdoc IDataMarket
    mapping(uint16 institution => uint256) public incomeOf;

    mapping(DatasetId dataset => mapping(uint32 version => uint256)) private _incomePerWeight;

    mapping(DatasetId dataset => mapping(uint32 version => mapping(RecordId id => uint256))) private _paidPerWeight;

    /// @param consortium The access manager.
    /// @param datasetRegistry_ The datasets.
    /// @param quoter_ Says what an order costs.
    /// @param consentRegistry_ The patients' consent.
    /// @param recordRegistry_ The index of the records.
    /// @param accountCenter_ The account center.
    /// @param medicalCoin_ The coin.
    /// @param rules The rules to begin with.
    constructor(
        address consortium,
        IDatasetRegistry datasetRegistry_,
        IQuoter quoter_,
        IConsentRegistry consentRegistry_,
        IRecordRegistry recordRegistry_,
        IAccountCenter accountCenter_,
        IMedicalCoin medicalCoin_,
        MarketRules memory rules
    )
        Governed(consortium)
        Periods(datasetRegistry_, rules)
        Trade(quoter_, consentRegistry_, accountCenter_, medicalCoin_)
    {
        recordRegistry = recordRegistry_;
    }

    /// @inheritdoc IDataMarket
    function claimShares(Claim[] calldata claims) external {
        if (claims.length == 0 || claims.length > MAX_CLAIMS) revert ClaimCountInvalid(claims.length);
        for (uint256 i = 0; i < claims.length; ++i) {
            _claimShare(claims[i]);
        }
    }

    /// @inheritdoc IDataMarket
    function claimIncome(uint16 institution) external returns (uint256 amount) {
        amount = incomeOf[institution];
        if (amount == 0) revert NoIncome(institution);
        delete incomeOf[institution];
        address wallet = accountCenter.institutionWallet(institution);
        emit IncomeClaimed(institution, wallet, amount);
        medicalCoin.safeTransfer(wallet, amount);
    }

    /// @inheritdoc IDataMarket
    function shareOf(Claim calldata claim) external view returns (uint256 patient, uint256 doctor) {
        Membership memory membership = _claimed(claim);
        (uint256 due, ) = _dueOf(claim, membership);
        return _divided(due, membership.dataset);
    }

    /// @dev The creators get their part of the margin above gamma, and the floor at least; all the rest is the institution's.
    function _share(OrderId id, Order memory order_) internal override {
        Sale memory sale = _saleOf(order_.dataset);
        uint256 margin = (uint256(order_.price) - sale.gamma) * order_.delivered;
        uint256 creators = (margin * (uint256(sale.patientShare) + sale.doctorShare)) / BASIS_POINTS;
        uint256 least = uint256(sale.floor) * order_.delivered;
        if (creators < least) creators = least;

        uint256 rest = uint256(order_.price) * order_.delivered - creators;
        _incomePerWeight[order_.dataset][order_.version] += (creators << INCOME_SHIFT) / order_.weight;
        incomeOf[sale.institution] += rest;
        _countSale(order_.dataset, sale.dataClass, order_.role, order_.delivered);
        emit OrderReleased(id, creators, rest);
    }

    function _claimShare(Claim calldata claim) private {
        Membership memory membership = _claimed(claim);
        DatasetId dataset = membership.dataset;
        (uint256 due, uint256 income) = _dueOf(claim, membership);
        if (due == 0) return;
        _paidPerWeight[dataset][claim.version][claim.recordId] = income;

        (uint256 patient, uint256 doctor) = _divided(due, dataset);
        emit ShareClaimed(claim.recordId, dataset, claim.version, patient, doctor);
        Record record = recordRegistry.read(claim.recordId);
        medicalCoin.safeTransfer(record.patient(), patient);
        medicalCoin.safeTransfer(accountCenter.professionalWallet(record.doctor()), doctor);
    }

    /// @dev The listing that a claim is about.
    function _claimed(Claim calldata claim) private view returns (Membership memory membership) {
        membership = datasetRegistry.membershipAt(claim.recordId, claim.ordinal);
        if (membership.joined == 0 || !membership.isIn(membership.dataset, claim.version)) {
            revert ClaimInvalid(claim.recordId, claim.ordinal, claim.version);
        }
    }

    /// @dev What a record is due, in wei, once all income per weight is paid.
    function _dueOf(
        Claim calldata claim,
        Membership memory membership
    ) private view returns (uint256 due, uint256 income) {
        DatasetId dataset = membership.dataset;
        income = _incomePerWeight[dataset][claim.version];
        uint256 paid = _paidPerWeight[dataset][claim.version][claim.recordId];
        due = ((income - paid) * membership.weight) >> INCOME_SHIFT;
    }

    /// @dev Between patient and doctor, as the margin is.
    function _divided(uint256 due, DatasetId dataset) private view returns (uint256 patient, uint256 doctor) {
        Sale memory sale = _saleOf(dataset);
        doctor = (due * sale.doctorShare) / (uint256(sale.patientShare) + sale.doctorShare);
        patient = due - doctor;
    }
}
