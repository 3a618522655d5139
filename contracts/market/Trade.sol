// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {Account, Role} from "../accounts/Account.sol";
import {AccountReader} from "../accounts/AccountReader.sol";
import {IAccountCenter} from "../accounts/IAccountCenter.sol";
import {IMedicalCoin} from "../coin/IMedicalCoin.sol";
import {IConsentRegistry} from "../records/IConsentRegistry.sol";
import {DatasetId, MembershipLib, Sale} from "./Dataset.sol";
import {IDataMarket} from "./IDataMarket.sol";
import {ManifestLeaf, Order, OrderId, OrderRequest, OrderState} from "./Order.sol";
import {Periods} from "./Periods.sol";
import {IQuoter, Quote} from "./IQuoter.sol";
import {PricingTerms} from "./StackelbergPricing.sol";

/**
 * @title Trade
 * @notice The consumers' half of the {DataMarket}: quotes, orders, their escrow, and how each of them ends.
 */
abstract contract Trade is Periods, Pausable, ReentrancyGuardTransient {
    using AccountReader for IAccountCenter;
    using SafeERC20 for IMedicalCoin;

    uint256 private constant WAD = 1e18;
    /// @dev So long may an export be under way: a revocation in the meantime is no fraud.
    uint256 private constant LONGEST_EXPORT = 1 hours;

    /// @inheritdoc IDataMarket
    /// @dev In the slot of the successor and the pause, which an order reads anyway.
    uint32 public orderCount;

    /// @inheritdoc IDataMarket
    IAccountCenter public immutable accountCenter;

    /// @inheritdoc IDataMarket
    IConsentRegistry public immutable consentRegistry;

    /// @inheritdoc IDataMarket
    IQuoter public immutable quoter;

    /// @inheritdoc IDataMarket
    IMedicalCoin public immutable medicalCoin;

    mapping(OrderId id => Order) private _orders;

    constructor(
        IQuoter quoter_,
        IConsentRegistry consentRegistry_,
        IAccountCenter accountCenter_,
        IMedicalCoin medicalCoin_
    ) {
        quoter = quoter_;
        consentRegistry = consentRegistry_;
        accountCenter = accountCenter_;
        medicalCoin = medicalCoin_;
    }

    /// @inheritdoc IDataMarket
    function order(OrderRequest calldata request) external returns (OrderId id) {
        return _order(request);
    }

    /// @inheritdoc IDataMarket
    function orderWithPermit(
        OrderRequest calldata request,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external returns (OrderId id) {
        // Somebody may have sent the permit before, and may not stop the order by that.
        if (medicalCoin.allowance(msg.sender, address(this)) < request.maxPayment) {
            medicalCoin.permit(msg.sender, address(this), request.maxPayment, deadline, v, r, s);
        }
        return _order(request);
    }

    /// @inheritdoc IDataMarket
    function orderFor(
        address buyer,
        DatasetId dataset,
        uint24 amount,
        uint80 price,
        uint8 purpose
    ) external restricted nonReentrant returns (OrderId id) {
        Account account = accountCenter.read(buyer);
        Role role = account.role();
        account.requireActive(buyer, role);
        if (!_buys(role)) revert RoleBuysNothing(buyer, role);
        Sale memory sale = _requireOffered(dataset, purpose);
        uint256 least = uint256(sale.gamma) + sale.floor;
        if (price < least) revert ClearedPriceTooLow(price, least);
        if (amount == 0) revert AmountZero();

        // What the version lacks by now, nobody can deliver.
        uint256 placed = amount < sale.records ? amount : sale.records;
        id = _place(buyer, role, dataset, sale, placed, price, purpose);
        _collect(uint256(price) * amount);
        _refund(id, _orders[id], uint256(price) * (amount - placed));
    }

    /// @inheritdoc IDataMarket
    function deliver(OrderId id, bytes32 manifestRoot, uint24 delivered, uint40 exportedAt) external {
        Order memory order_ = _orderIn(id, OrderState.Ordered);
        _requireProvider(id, order_);
        _requireInTime(id, order_);
        if (manifestRoot == 0 || delivered == 0 || delivered > order_.amount) {
            revert DeliveryInvalid(manifestRoot, delivered, order_.amount);
        }
        uint256 earliest = block.timestamp - LONGEST_EXPORT;
        if (earliest < order_.asOf) earliest = order_.asOf;
        if (exportedAt < earliest || exportedAt > block.timestamp) {
            revert ExportTimeInvalid(exportedAt, uint40(earliest));
        }

        order_.state = OrderState.Delivered;
        order_.deadline = uint40(block.timestamp) + _rules.disputeWindow;
        order_.asOf = exportedAt;
        order_.delivered = delivered;
        order_.manifestRoot = manifestRoot;
        _orders[id] = order_;
        emit OrderDelivered(id, manifestRoot, delivered, exportedAt, order_.deadline);
        _refund(id, order_, uint256(order_.price) * (order_.amount - delivered));
    }

    /// @inheritdoc IDataMarket
    function confirm(OrderId id) external {
        Order memory order_ = _orderOf(id);
        if (order_.buyer != msg.sender) revert OrderNotOf(id, order_.buyer);
        _requireUnderReview(id, order_);
        _release(id, order_);
    }

    /// @inheritdoc IDataMarket
    function dispute(OrderId id, bytes32 reason) external {
        Order memory order_ = _orderOf(id);
        if (order_.buyer != msg.sender) revert OrderNotOf(id, order_.buyer);
        _requireState(id, order_, OrderState.Delivered);
        _requireInTime(id, order_);
        uint40 deadline = uint40(block.timestamp) + _rules.arbitrationTime;
        _orders[id].state = OrderState.Disputed;
        _orders[id].deadline = deadline;
        emit OrderDisputed(id, reason, deadline);
    }

    /// @inheritdoc IDataMarket
    function rule(OrderId id, bool toBuyer) external restricted {
        Order memory order_ = _orderIn(id, OrderState.Disputed);
        emit OrderRuled(id, toBuyer);
        if (toBuyer) _refundAll(id, order_);
        else _release(id, order_);
    }

    /// @inheritdoc IDataMarket
    function refund(OrderId id) external {
        Order memory order_ = _orderOf(id);
        if (order_.state != OrderState.Disputed) _requireState(id, order_, OrderState.Ordered);
        if (block.timestamp <= order_.deadline) _requireProvider(id, order_);
        _refundAll(id, order_);
    }

    /// @inheritdoc IDataMarket
    function release(OrderId id) external {
        Order memory order_ = _orderIn(id, OrderState.Delivered);
        if (block.timestamp <= order_.deadline) revert OrderDeadlineNotPassed(id, order_.deadline);
        _release(id, order_);
    }

    /// @inheritdoc IDataMarket
    function proveFraud(OrderId id, ManifestLeaf calldata leaf, bytes32[] calldata proof) external {
        Order memory order_ = _orderOf(id);
        _requireUnderReview(id, order_);
        bytes32 hash = keccak256(bytes.concat(keccak256(abi.encode(leaf))));
        if (!MerkleProof.verifyCalldata(proof, order_.manifestRoot, hash)) revert ManifestLeafInvalid(id);
        uint16 institution = _saleOf(order_.dataset).institution;
        uint128 listed = datasetRegistry.keyTagOf(order_.dataset, order_.version, leaf.recordId);
        // A grant for something else does not stand in for the one under which the record was listed.
        if (
            listed == MembershipLib.tagOf(leaf.key) &&
            !consentRegistry.isRefuted(leaf.key, leaf.recordId, institution, order_.asOf)
        ) revert FraudNotProven(leaf.recordId);
        emit FraudProven(id, leaf.recordId);
        _refundAll(id, order_);
    }

    /// @inheritdoc IDataMarket
    function pause() external restricted {
        _pause();
    }

    /// @inheritdoc IDataMarket
    function unpause() external restricted {
        _unpause();
    }

    /// @inheritdoc IDataMarket
    function quote(DatasetId dataset, Role role, uint24 dMin, uint80 maxPrice) external view returns (Quote memory) {
        Sale memory sale = _onSale(dataset);
        Numbers memory numbers = _numbersFor(sale.dataClass, role);
        return _quote(dataset, sale, numbers.alpha, numbers.c, dMin, maxPrice);
    }

    /// @inheritdoc IDataMarket
    function quoteWith(
        DatasetId dataset,
        uint256 alpha,
        uint256 c,
        uint24 dMin,
        uint80 maxPrice
    ) external view returns (Quote memory) {
        return _quote(dataset, _onSale(dataset), alpha, c, dMin, maxPrice);
    }

    /// @inheritdoc IDataMarket
    function orderOf(OrderId id) external view returns (Order memory) {
        return _orders[id];
    }

    /// @dev Divides what a delivery brought among its creators and the institution.
    function _share(OrderId id, Order memory order_) internal virtual;

    function _order(OrderRequest calldata request) private nonReentrant whenNotPaused returns (OrderId id) {
        Account account = accountCenter.read(msg.sender);
        Role role = account.role();
        account.requireActive(msg.sender, role);
        DatasetId dataset = request.dataset;
        Sale memory sale = _requireOffered(dataset, request.purpose);
        if (sale.version != request.version) revert VersionChanged(dataset, request.version, sale.version);
        Numbers memory numbers = _numbersFor(sale.dataClass, role);

        Quote memory quoted = _quote(dataset, sale, numbers.alpha, numbers.c, request.dMin, request.maxPrice);
        if (quoted.payment > request.maxPayment) revert QuoteExceeded(quoted.payment, request.maxPayment);
        id = _place(msg.sender, role, dataset, sale, quoted.amount, quoted.price, request.purpose);
        _collect(quoted.payment);
    }

    /// @dev Section IV-B's equilibrium, in whole records, as many as an order can name.
    function _quote(
        DatasetId dataset,
        Sale memory sale,
        uint256 alpha,
        uint256 c,
        uint24 dMin,
        uint80 maxPrice
    ) private view returns (Quote memory) {
        uint256 ceiling = _ceilingOf(dataset, sale);
        PricingTerms memory terms = PricingTerms(alpha, c, dMin * WAD, sale.gamma, sale.lambdaMin, ceiling);
        uint256 supply = sale.records > type(uint24).max ? type(uint24).max : sale.records;
        return quoter.quoteOf(terms, supply, maxPrice);
    }

    function _requireOffered(DatasetId dataset, uint8 purpose) private view returns (Sale memory sale) {
        sale = _onSale(dataset);
        if ((uint256(sale.purposes) >> purpose) & 1 == 0) revert PurposeNotOffered(dataset, purpose);
    }

    function _onSale(DatasetId dataset) private view returns (Sale memory sale) {
        sale = _saleOf(dataset);
        if (!sale.open || sale.records == 0) revert DatasetNotOnSale(dataset);
        // Who may not deliver does not sell either.
        address provider = accountCenter.institutionWallet(sale.institution);
        accountCenter.read(provider).requireActive(provider, Role.Institution);
    }

    function _numbersFor(uint8 dataClass, Role role) private view returns (Numbers memory numbers) {
        numbers = _numbers[dataClass][role];
        if (numbers.c == 0) revert NumbersNotPublished(dataClass, role);
    }

    /// @dev The provider is whoever the dataset's institution is now.
    function _requireProvider(OrderId id, Order memory order_) private view {
        Account account = accountCenter.read(msg.sender);
        account.requireActive(msg.sender, Role.Institution);
        uint16 institution = _saleOf(order_.dataset).institution;
        if (account.institution() != institution) revert OrderNotFrom(id, institution);
    }

    function _place(
        address buyer,
        Role role,
        DatasetId dataset,
        Sale memory sale,
        uint256 amount,
        uint256 price,
        uint8 purpose
    ) private returns (OrderId id) {
        id = OrderId.wrap(++orderCount);
        Order storage order_ = _orders[id];
        order_.buyer = buyer;
        order_.dataset = dataset;
        order_.version = sale.version;
        // At most what {_quote} supplies; the price at most the ceiling.
        order_.amount = uint24(amount);
        order_.state = OrderState.Ordered;
        order_.price = uint80(price);
        order_.weight = sale.weight;
        order_.deadline = uint40(block.timestamp) + _rules.deliveryTime;
        order_.asOf = uint40(block.timestamp);
        order_.purpose = purpose;
        order_.role = role;
        emit OrderPlaced(id, dataset, buyer, sale.version, price, uint24(amount), purpose);
    }

    /// @dev Takes a payment into escrow. Comes last, and counts what came in: the coin is the caller's to trust, not the market's.
    function _collect(uint256 payment) private {
        uint256 before = medicalCoin.balanceOf(address(this));
        medicalCoin.safeTransferFrom(msg.sender, address(this), payment);
        uint256 received = medicalCoin.balanceOf(address(this)) - before;
        if (received < payment) revert PaymentShort(received, payment);
    }

    function _release(OrderId id, Order memory order_) private {
        _orders[id].state = OrderState.Released;
        _share(id, order_);
    }

    /// @dev Refunds all that is still in escrow: what was not delivered went back with the delivery.
    function _refundAll(OrderId id, Order memory order_) private {
        uint24 records = order_.state == OrderState.Ordered ? order_.amount : order_.delivered;
        _orders[id].state = OrderState.Refunded;
        _refund(id, order_, uint256(order_.price) * records);
    }

    function _refund(OrderId id, Order memory order_, uint256 amount) private {
        if (amount == 0) return;
        emit EscrowRefunded(id, order_.buyer, amount);
        medicalCoin.safeTransfer(order_.buyer, amount);
    }

    /// @dev An order that exists.
    function _orderOf(OrderId id) private view returns (Order memory order_) {
        order_ = _orders[id];
        if (order_.state == OrderState.None) revert OrderUnknown(id);
    }

    function _orderIn(OrderId id, OrderState required) private view returns (Order memory order_) {
        order_ = _orderOf(id);
        _requireState(id, order_, required);
    }

    function _requireState(OrderId id, Order memory order_, OrderState required) private pure {
        if (order_.state != required) revert OrderStateMismatch(id, order_.state);
    }

    /// @dev Delivered, and neither paid for nor given back.
    function _requireUnderReview(OrderId id, Order memory order_) private pure {
        if (order_.state != OrderState.Disputed) _requireState(id, order_, OrderState.Delivered);
    }

    function _requireInTime(OrderId id, Order memory order_) private view {
        if (block.timestamp > order_.deadline) revert OrderDeadlinePassed(id, order_.deadline);
    }
}
